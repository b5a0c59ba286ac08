package dev.athanor.remote.server;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.remote.server.TestServer.failure;
import static dev.athanor.remote.server.TestServer.text;
import static dev.athanor.remote.server.TestServer.wire;

import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.Compressor;
import build.bazel.remote.execution.v2.Directory;
import build.bazel.remote.execution.v2.DirectoryNode;
import build.bazel.remote.execution.v2.ExecutedActionMetadata;
import build.bazel.remote.execution.v2.FileNode;
import build.bazel.remote.execution.v2.GetActionResultRequest;
import build.bazel.remote.execution.v2.GetCapabilitiesRequest;
import build.bazel.remote.execution.v2.OutputDirectory;
import build.bazel.remote.execution.v2.OutputFile;
import build.bazel.remote.execution.v2.ServerCapabilities;
import build.bazel.remote.execution.v2.Tree;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.tree.Trees;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Results through a real server, among them such as only other clients make.
final class ActionCacheServiceTest {
  private static final Digest KEY = Digester.digest(text("an action"));

  @TempDir Path temp;
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start(temp);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private static ActionResult.Builder result(String... files) {
    ActionResult.Builder result = ActionResult.newBuilder();
    for (String file : files) {
      result.addOutputFiles(
          OutputFile.newBuilder().setPath("out/" + file).setDigest(wire(text(file))));
    }
    return result;
  }

  /// Holds that the result counts as long as these blobs are here, and not without any of them.
  private void counts(ActionResult result, byte[]... blobs) throws IOException {
    for (byte[] blob : blobs) {
      var _ = server.put(blob);
    }
    server.putResult(KEY, result);
    assertThat(server.result(KEY)).isEqualTo(result);
    for (byte[] blob : blobs) {
      Files.delete(server.layout.blob(Digester.digest(blob)));
      assertThat(failure(() -> server.result(KEY))).isEqualTo(Status.Code.NOT_FOUND);
      var _ = server.put(blob);
      assertThat(server.result(KEY)).isEqualTo(result);
    }
  }

  @Test
  void files_andWhatWasPrinted_mustBeHere() throws IOException {
    counts(
        result("a", "b", "")
            .setStdoutDigest(wire(text("said")))
            .setStderrDigest(wire(text("complained")))
            .build(),
        text("a"),
        text("b"),
        text("said"),
        text("complained"));
  }

  @Test
  void directories_mustBeHere_withTheirFiles() throws IOException {
    Directory inner =
        Directory.newBuilder()
            .addFiles(FileNode.newBuilder().setName("f").setDigest(wire(text("inner"))))
            .build();
    Directory outer =
        Directory.newBuilder()
            .addFiles(FileNode.newBuilder().setName("f").setDigest(wire(text("outer"))))
            .addDirectories(
                DirectoryNode.newBuilder().setName("d").setDigest(wire(inner.toByteArray())))
            .build();

    counts(
        ActionResult.newBuilder()
            .addOutputDirectories(
                OutputDirectory.newBuilder()
                    .setPath("tree")
                    .setRootDirectoryDigest(wire(outer.toByteArray())))
            .build(),
        inner.toByteArray(),
        outer.toByteArray(),
        text("inner"),
        text("outer"));
  }

  /// In the form of Bazel the directories inside need not be blobs.
  @Test
  void treeMessages_mustBeHere_withTheirFiles() throws IOException {
    Directory inner =
        Directory.newBuilder()
            .addFiles(FileNode.newBuilder().setName("f").setDigest(wire(text("inner"))))
            .build();
    Tree tree =
        Tree.newBuilder()
            .setRoot(
                Directory.newBuilder()
                    .addFiles(FileNode.newBuilder().setName("f").setDigest(wire(text("outer"))))
                    .addDirectories(
                        DirectoryNode.newBuilder()
                            .setName("d")
                            .setDigest(wire(inner.toByteArray()))))
            .addChildren(inner)
            .build();

    counts(
        ActionResult.newBuilder()
            .addOutputDirectories(
                OutputDirectory.newBuilder()
                    .setPath("tree")
                    .setTreeDigest(wire(tree.toByteArray())))
            .build(),
        tree.toByteArray(),
        text("inner"),
        text("outer"));
  }

  @Test
  void foreignResults_areKeptAsTheyCame() throws IOException {
    var _ = server.put(text("a"));
    ActionResult foreign =
        result("a")
            .addOutputFiles(OutputFile.newBuilder().setPath("../odd").setDigest(wire(text("a"))))
            .setStdoutRaw(ByteString.copyFromUtf8("said"))
            .setExecutionMetadata(ExecutedActionMetadata.newBuilder().setWorker("theirs"))
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                    .build())
            .build();

    server.putResult(KEY, foreign);

    assertThat(server.result(KEY)).isEqualTo(foreign);
    assertThat(Files.readAllBytes(server.layout.result(KEY))).isEqualTo(foreign.toByteArray());
  }

  @Test
  void resultsThatNameNoDigests_areRefused() {
    ActionResult malformed =
        result("a")
            .setStdoutDigest(build.bazel.remote.execution.v2.Digest.newBuilder().setHash("XY"))
            .build();
    assertThat(failure(() -> server.putResult(KEY, malformed)))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(failure(() -> server.result(KEY))).isEqualTo(Status.Code.NOT_FOUND);
  }

  /// What a build on this machine made without a sandbox.
  @Test
  void resultsThatAreNotHermetic_areNobodyElsesBusiness() throws IOException {
    var _ = server.put(text("a"));
    server.putResult(
        KEY,
        result("a")
            .setExecutionMetadata(
                ExecutedActionMetadata.newBuilder().setWorker("athanor: not hermetic"))
            .build());
    assertThat(failure(() -> server.result(KEY))).isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void emptiedResult_isNone() throws IOException {
    var _ = server.put(text("a"));
    server.putResult(KEY, result("a").build());
    Files.write(server.layout.result(KEY), new byte[0]);
    assertThat(failure(() -> server.result(KEY))).isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void contents_comeAlongWhenAskedFor() throws IOException {
    byte[] large = TestServer.noise(1, 4_000_000);
    var _ = server.put(text("a"));
    var _ = server.put(text("b"));
    var _ = server.put(text("said"));
    var _ = server.store.put(large);
    server.putResult(
        KEY,
        result("a", "b")
            .addOutputFiles(OutputFile.newBuilder().setPath("large").setDigest(wire(large)))
            .addOutputFiles(OutputFile.newBuilder().setPath("more").setDigest(wire(large)))
            .setStdoutDigest(wire(text("said")))
            .build());

    ActionResult inlined =
        server
            .results()
            .getActionResult(
                GetActionResultRequest.newBuilder()
                    .setActionDigest(Trees.wire(KEY))
                    .setInlineStdout(true)
                    .addInlineOutputFiles("large")
                    .addInlineOutputFiles("more")
                    .addInlineOutputFiles("out/b")
                    .build());

    assertThat(inlined.getStdoutRaw().toStringUtf8()).isEqualTo("said");
    assertThat(inlined.getOutputFiles(0).getContents().isEmpty()).isTrue();
    assertThat(inlined.getOutputFiles(1).getContents().toStringUtf8()).isEqualTo("b");
    // Only one of the two fits into a message.
    assertThat(inlined.getOutputFiles(2).getContents().toByteArray()).isEqualTo(large);
    assertThat(inlined.getOutputFiles(3).getContents().isEmpty()).isTrue();
  }

  @Test
  void capabilities_sayWhatThereIs() {
    ServerCapabilities capabilities =
        server.capabilities().getCapabilities(GetCapabilitiesRequest.getDefaultInstance());

    assertThat(capabilities.getLowApiVersion().getMajor()).isEqualTo(2);
    assertThat(capabilities.getHighApiVersion().getMinor()).isEqualTo(3);
    assertThat(capabilities.hasExecutionCapabilities()).isFalse();
    var cache = capabilities.getCacheCapabilities();
    assertThat(cache.getActionCacheUpdateCapabilities().getUpdateEnabled()).isTrue();
    assertThat(cache.getSupportedCompressorsList()).containsExactly(Compressor.Value.ZSTD);
    assertThat(cache.getSupportedBatchUpdateCompressorsList())
        .containsExactly(Compressor.Value.ZSTD);
    assertThat(cache.getMaxBatchTotalSizeBytes()).isLessThan(4L << 20);
  }
}
