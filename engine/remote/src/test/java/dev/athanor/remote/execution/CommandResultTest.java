package dev.athanor.remote.execution;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.Directory;
import build.bazel.remote.execution.v2.ExecuteResponse;
import build.bazel.remote.execution.v2.NodeProperty;
import build.bazel.remote.execution.v2.Tree;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.exec.RemoteRunException;
import dev.athanor.engine.exec.SpawnRunner;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import dev.athanor.remote.RemoteCache;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What servers say, as they have said it through the years, and as none should.
@Timeout(60)
final class CommandResultTest {
  private final MemoryBlobStore there = new MemoryBlobStore();
  private final MemoryBlobStore here = new MemoryBlobStore();

  private SpawnRunner.Result read(ActionResult.Builder result) throws IOException {
    return read(result, new StoreCache(there));
  }

  private SpawnRunner.Result read(ActionResult.Builder result, RemoteCache cas) throws IOException {
    return new CommandResult(new Fetch(cas, here), here)
        .read(ExecuteResponse.newBuilder().setResult(result).build(), Duration.ofSeconds(1), false);
  }

  private ActionResult.Builder tree(Tree.Builder tree) throws IOException {
    ActionResult.Builder result = ActionResult.newBuilder();
    result
        .addOutputDirectoriesBuilder()
        .setPath("out/tree")
        .setTreeDigest(Trees.wire(there.put(tree.build().toByteArray())));
    return result;
  }

  private static build.bazel.remote.execution.v2.Digest wire(String text) {
    return Trees.wire(Digester.digest(text.getBytes(UTF_8)));
  }

  @Test
  void symlinks_ofOldServers_areSymlinks() throws Exception {
    ActionResult.Builder result = ActionResult.newBuilder();
    result.addOutputFileSymlinksBuilder().setPath("out/a").setTarget("x");
    result.addOutputDirectorySymlinksBuilder().setPath("out/b").setTarget("y");
    result.addOutputSymlinksBuilder().setPath("out/a").setTarget("x");

    assertThat(read(result).outputs())
        .containsExactly(
            RelativePath.of("out/a"), new Content.Symlink("x"),
            RelativePath.of("out/b"), new Content.Symlink("y"));
  }

  /// Times and modes are nothing that the engine knows.
  @Test
  void directories_areAsTheyWouldBeHere() throws Exception {
    Directory.Builder below = Directory.newBuilder();
    below.addFilesBuilder().setName("f").setDigest(wire("f"));
    below
        .getNodePropertiesBuilder()
        .addProperties(NodeProperty.newBuilder().setName("kept").setValue("by the server"));
    Directory child = below.build();
    Tree.Builder tree = Tree.newBuilder().addChildren(child);
    tree.getRootBuilder()
        .addDirectoriesBuilder()
        .setName("below")
        .setDigest(Trees.wire(Digester.digest(child.toByteArray())));

    InputRoot expected =
        InputRoot.of(
            Map.of(
                RelativePath.of("below/f"),
                new Content.File(Digester.digest("f".getBytes(UTF_8)), false)));
    assertThat(read(tree(tree)).outputs())
        .containsExactly(RelativePath.of("out/tree"), new Content.Tree(expected.digest()));
    assertThat(Trees.leaves(expected.digest(), here)).hasSize(1);
  }

  /// Forty directories, each of which is twice in the one above.
  @Test
  void directoryThatIsThereOften_isTakenOnce() throws Exception {
    Tree.Builder tree = Tree.newBuilder();
    Directory last = Directory.getDefaultInstance();
    for (int i = 0; i < 40; i++) {
      tree.addChildren(last);
      build.bazel.remote.execution.v2.Digest digest =
          Trees.wire(Digester.digest(last.toByteArray()));
      Directory.Builder next = Directory.newBuilder();
      next.addDirectoriesBuilder().setName("a").setDigest(digest);
      next.addDirectoriesBuilder().setName("b").setDigest(digest);
      last = next.build();
    }

    Digest root = Digester.digest(last.toByteArray());
    assertThat(read(tree(tree.setRoot(last))).outputs())
        .containsExactly(RelativePath.of("out/tree"), new Content.Tree(root));
  }

  @Test
  void nameThatLeadsOut_isRefused() throws Exception {
    for (String name : new String[] {"..", "a/b", "", "."}) {
      Tree.Builder tree = Tree.newBuilder();
      tree.getRootBuilder().addFilesBuilder().setName(name).setDigest(wire("f"));
      ActionResult.Builder result = tree(tree);
      assertThrows(RemoteRunException.class, () -> read(result));
    }
    ActionResult.Builder above = ActionResult.newBuilder();
    above.addOutputFilesBuilder().setPath("../above").setDigest(wire("f"));
    assertThrows(RemoteRunException.class, () -> read(above));
  }

  @Test
  void digestThatIsNone_isRefused() {
    ActionResult.Builder result = ActionResult.newBuilder();
    result.addOutputFilesBuilder().setPath("a").getDigestBuilder().setHash("xyz").setSizeBytes(1);
    assertThrows(RemoteRunException.class, () -> read(result));
  }

  @Test
  void otherBytes_areNotBelieved() throws Exception {
    byte[] other = "something else".getBytes(UTF_8);
    RemoteCache liar =
        new StoreCache(there) {
          @Override
          public void read(Digest digest, OutputStream to) throws IOException {
            to.write(other);
          }
        };
    ActionResult.Builder result = tree(Tree.newBuilder());
    result.getOutputDirectoriesBuilder(0).setTreeDigest(wire("tree"));

    assertThrows(RemoteRunException.class, () -> read(result, liar));
    assertThat(here.contains(Digester.digest(other))).isFalse();
  }
}
