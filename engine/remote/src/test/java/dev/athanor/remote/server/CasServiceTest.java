package dev.athanor.remote.server;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.remote.server.TestServer.failure;
import static dev.athanor.remote.server.TestServer.noise;
import static dev.athanor.remote.server.TestServer.text;
import static dev.athanor.remote.server.TestServer.wire;
import static java.nio.charset.StandardCharsets.UTF_8;

import build.bazel.remote.execution.v2.BatchReadBlobsRequest;
import build.bazel.remote.execution.v2.BatchReadBlobsResponse;
import build.bazel.remote.execution.v2.BatchUpdateBlobsRequest;
import build.bazel.remote.execution.v2.Compressor;
import build.bazel.remote.execution.v2.Digest;
import build.bazel.remote.execution.v2.DigestFunction;
import build.bazel.remote.execution.v2.Directory;
import build.bazel.remote.execution.v2.FindMissingBlobsRequest;
import build.bazel.remote.execution.v2.GetTreeRequest;
import build.bazel.remote.execution.v2.GetTreeResponse;
import com.github.luben.zstd.Zstd;
import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Blobs, many at once, through a real server.
final class CasServiceTest {
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

  private static BatchUpdateBlobsRequest.Request sent(Digest digest, byte[] bytes) {
    return BatchUpdateBlobsRequest.Request.newBuilder()
        .setDigest(digest)
        .setData(ByteString.copyFrom(bytes))
        .build();
  }

  private List<Integer> update(BatchUpdateBlobsRequest.Request... blobs) {
    return server
        .cas()
        .batchUpdateBlobs(
            BatchUpdateBlobsRequest.newBuilder().addAllRequests(List.of(blobs)).build())
        .getResponsesList()
        .stream()
        .map(each -> each.getStatus().getCode())
        .toList();
  }

  @Test
  void blobs_areTaken_verified_andGivenBack() throws IOException {
    byte[] good = text("good");
    byte[] bad = text("bad");

    assertThat(update(sent(wire(good), good), sent(wire(bad), text("dab"))))
        .containsExactly(Status.Code.OK.value(), Status.Code.INVALID_ARGUMENT.value())
        .inOrder();

    assertThat(server.missing(wire(good), wire(bad), wire(new byte[0]))).containsExactly(wire(bad));
    assertThat(Files.exists(server.layout.blob(Trees.digest(wire(bad))))).isFalse();
    try (var left = Files.list(server.layout.tmp())) {
      assertThat(left.toList()).isEmpty();
    }
    List<BatchReadBlobsResponse.Response> read =
        server
            .cas()
            .batchReadBlobs(
                BatchReadBlobsRequest.newBuilder()
                    .addDigests(wire(good))
                    .addDigests(wire(bad))
                    .addDigests(wire(new byte[0]))
                    .build())
            .getResponsesList();
    assertThat(read.get(0).getData().toByteArray()).isEqualTo(good);
    assertThat(read.get(1).getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND.value());
    assertThat(read.get(2).getStatus().getCode()).isEqualTo(Status.Code.OK.value());
  }

  /// Whoever may only read must not be able to remove anything.
  @Test
  void blobs_stay_whoeverAsksForThemWithAnotherSize() throws IOException {
    byte[] good = text("good");
    var _ = server.put(good);
    Digest wrong = wire(good).toBuilder().setSizeBytes(good.length + 1).build();

    assertThat(server.missing(wrong)).containsExactly(wrong);
    assertThat(
            server
                .cas()
                .batchReadBlobs(BatchReadBlobsRequest.newBuilder().addDigests(wrong).build())
                .getResponses(0)
                .getStatus()
                .getCode())
        .isEqualTo(Status.Code.NOT_FOUND.value());

    assertThat(server.missing(wire(good))).isEmpty();
  }

  @Test
  void zstd_isUsedWhereItPays() throws IOException {
    byte[] dull = new byte[100_000];
    byte[] noise = noise(1, 5000);
    var compressed =
        BatchUpdateBlobsRequest.Request.newBuilder()
            .setDigest(wire(dull))
            .setCompressor(Compressor.Value.ZSTD)
            .setData(ByteString.copyFrom(Zstd.compress(dull)))
            .build();
    var lying =
        BatchUpdateBlobsRequest.Request.newBuilder()
            .setDigest(wire(noise))
            .setCompressor(Compressor.Value.ZSTD)
            .setData(ByteString.copyFrom(noise))
            .build();
    assertThat(update(compressed, lying, sent(wire(noise), noise)))
        .containsExactly(0, Status.Code.INVALID_ARGUMENT.value(), 0)
        .inOrder();

    List<BatchReadBlobsResponse.Response> read =
        server
            .cas()
            .batchReadBlobs(
                BatchReadBlobsRequest.newBuilder()
                    .addDigests(wire(dull))
                    .addDigests(wire(noise))
                    .addAcceptableCompressors(Compressor.Value.ZSTD)
                    .build())
            .getResponsesList();

    assertThat(read.get(0).getCompressor()).isEqualTo(Compressor.Value.ZSTD);
    assertThat(read.get(0).getData().size()).isLessThan(1000);
    assertThat(Zstd.decompress(read.get(0).getData().toByteArray(), dull.length)).isEqualTo(dull);
    assertThat(read.get(1).getCompressor()).isEqualTo(Compressor.Value.IDENTITY);
    assertThat(read.get(1).getData().toByteArray()).isEqualTo(noise);
  }

  /// A small message that would fill the disk.
  @Test
  void zstdOfMoreThanTheDigestSays_isRefused() throws IOException {
    byte[] bomb = Zstd.compress(new byte[50_000_000]);
    var request =
        BatchUpdateBlobsRequest.Request.newBuilder()
            .setDigest(wire(text("small")))
            .setCompressor(Compressor.Value.ZSTD)
            .setData(ByteString.copyFrom(bomb))
            .build();

    assertThat(update(request)).containsExactly(Status.Code.INVALID_ARGUMENT.value());
  }

  @Test
  void tooMuchAtOnce_andOtherDigests_areRefused() {
    byte[] half = noise(2, 2_500_000);

    assertThat(failure(() -> update(sent(wire(half), half), sent(wire(half), half))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(
            failure(() ->
                server
                    .cas()
                    .batchReadBlobs(
                        BatchReadBlobsRequest.newBuilder()
                            .addDigests(wire(half))
                            .addDigests(wire(half))
                            .build())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(failure(() -> server.missing(Digest.newBuilder().setHash("00").build())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(
            failure(() ->
                server
                    .cas()
                    .findMissingBlobs(
                        FindMissingBlobsRequest.newBuilder()
                            .setDigestFunction(DigestFunction.Value.BLAKE3)
                            .build())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void manyWritersOfOneBlob_allSucceed() throws Exception {
    byte[] bytes = noise(3, 300_000);
    List<Callable<Integer>> writers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      writers.add(() -> update(sent(wire(bytes), bytes)).getFirst());
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(10)) {
      for (Future<Integer> done : threads.invokeAll(writers)) {
        assertThat(done.get()).isEqualTo(0);
      }
    }
    assertThat(server.store.read(Trees.digest(wire(bytes)))).isEqualTo(bytes);
    try (var left = Files.list(server.layout.tmp())) {
      assertThat(left.toList()).isEmpty();
    }
    assertThat(new String(server.get("/metrics").body(), UTF_8))
        .contains("athanor_cache_stored_bytes 300000\n");
  }

  private InputRoot tree(int directories) throws IOException {
    Map<RelativePath, Content> files = new TreeMap<>();
    for (int i = 0; i < directories; i++) {
      Content file = new Content.File(server.put(text("file " + i)), false);
      files.put(RelativePath.of("d" + i + "/sub/file"), file);
      files.put(RelativePath.of("d" + i + "/again/file"), file);
    }
    InputRoot tree = InputRoot.of(files);
    tree.directories().forEach(server::put);
    return tree;
  }

  private List<GetTreeResponse> pages(InputRoot tree, int size, String token) {
    return ImmutableList.copyOf(
        server
            .cas()
            .getTree(
                GetTreeRequest.newBuilder()
                    .setRootDigest(Trees.wire(tree.digest()))
                    .setPageSize(size)
                    .setPageToken(token)
                    .build()));
  }

  private static List<Directory> directories(List<GetTreeResponse> pages) {
    return pages.stream().flatMap(page -> page.getDirectoriesList().stream()).toList();
  }

  @Test
  void tree_comesInPages_eachDirectoryOnce() throws IOException {
    InputRoot tree = tree(5);
    List<GetTreeResponse> whole = pages(tree, 0, "");
    assertThat(whole).hasSize(1);
    // The root, five directories, and one that all of these have twice.
    assertThat(directories(whole)).hasSize(11);
    assertThat(directories(whole)).containsNoDuplicates();
    assertThat(whole.getFirst().getNextPageToken()).isEmpty();

    List<GetTreeResponse> paged = pages(tree, 4, "");
    assertThat(paged.stream().map(GetTreeResponse::getDirectoriesCount))
        .containsExactly(4, 4, 3)
        .inOrder();
    assertThat(directories(paged)).isEqualTo(directories(whole));
    List<GetTreeResponse> rest = pages(tree, 4, paged.get(0).getNextPageToken());
    assertThat(directories(rest)).isEqualTo(directories(whole).subList(4, 11));
  }

  @Test
  void tree_withoutSomeDirectories_isWhatThereIs() throws IOException {
    InputRoot tree = tree(3);
    List<Directory> all = directories(pages(tree, 0, ""));
    Files.delete(server.layout.blob(Trees.digest(all.getFirst().getDirectories(1).getDigest())));

    List<Directory> left = directories(pages(tree, 1, ""));
    assertThat(left).hasSize(all.size() - 2);
    assertThat(directories(pages(tree, 1, pages(tree, 2, "").getFirst().getNextPageToken())))
        .isEqualTo(left.subList(2, left.size()));

    assertThat(failure(() -> pages(tree, 0, "nonsense"))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    Files.delete(server.layout.blob(tree.digest()));
    assertThat(failure(() -> pages(tree, 0, ""))).isEqualTo(Status.Code.NOT_FOUND);
  }
}
