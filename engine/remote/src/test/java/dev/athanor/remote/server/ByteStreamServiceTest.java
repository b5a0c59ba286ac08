package dev.athanor.remote.server;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.remote.server.TestServer.failure;
import static dev.athanor.remote.server.TestServer.noise;
import static dev.athanor.remote.server.TestServer.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import com.google.bytestream.ByteStreamGrpc;
import com.google.bytestream.QueryWriteStatusRequest;
import com.google.bytestream.QueryWriteStatusResponse;
import com.google.bytestream.ReadRequest;
import com.google.bytestream.WriteRequest;
import com.google.bytestream.WriteResponse;
import com.google.protobuf.ByteString;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Blobs in streams, whole ones, cut ones, compressed ones.
@Timeout(60)
final class ByteStreamServiceTest {
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

  private byte[] read(String name, long offset, long limit) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    var responses =
        server
            .bytes()
            .read(
                ReadRequest.newBuilder()
                    .setResourceName(name)
                    .setReadOffset(offset)
                    .setReadLimit(limit)
                    .build());
    while (responses.hasNext()) {
      responses.next().getData().writeTo(all);
    }
    return all.toByteArray();
  }

  /// A stream to the server.
  private final class Writing implements StreamObserver<WriteResponse> {
    final CompletableFuture<Long> committed = new CompletableFuture<>();
    final StreamObserver<WriteRequest> requests;
    private final String name;

    Writing(String name) {
      this.name = name;
      requests = ByteStreamGrpc.newStub(server.channel).write(this);
    }

    Writing send(byte[] bytes, int from, int to, boolean last) {
      requests.onNext(
          WriteRequest.newBuilder()
              .setResourceName(name)
              .setWriteOffset(from)
              .setData(ByteString.copyFrom(bytes, from, to - from))
              .setFinishWrite(last)
              .build());
      return this;
    }

    /// What the server has answered.
    long committed() {
      try {
        return committed.get();
      } catch (ExecutionException e) {
        throw (StatusRuntimeException) e.getCause();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void onNext(WriteResponse response) {
      committed.complete(response.getCommittedSize());
    }

    @Override
    public void onError(Throwable failure) {
      committed.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {}
  }

  private long write(String name, byte[] bytes) {
    Writing writing = new Writing(name);
    int chunk = 100_000;
    for (int from = 0; from < Math.max(1, bytes.length); from += chunk) {
      int to = Math.min(bytes.length, from + chunk);
      var _ = writing.send(bytes, from, to, to == bytes.length);
    }
    writing.requests.onCompleted();
    return writing.committed();
  }

  private static String upload(String id, Digest digest) {
    return "team/uploads/" + id + "/blobs/" + digest;
  }

  private QueryWriteStatusResponse status(String name) {
    return server
        .bytes()
        .queryWriteStatus(QueryWriteStatusRequest.newBuilder().setResourceName(name).build());
  }

  @Test
  void largeBlob_goesInAndOut_inParts() throws IOException {
    byte[] bytes = noise(1, 3_000_000);
    Digest digest = Digester.digest(bytes);

    assertThat(write(upload("1", digest), bytes)).isEqualTo(bytes.length);

    assertThat(read("team/blobs/" + digest, 0, 0)).isEqualTo(bytes);
    assertThat(read("blobs/sha256/" + digest, 0, 0)).isEqualTo(bytes);
    byte[] middle = read("a/b/blobs/" + digest, 1_000_000, 500_000);
    assertThat(middle).isEqualTo(Arrays.copyOfRange(bytes, 1_000_000, 1_500_000));
    assertThat(read("blobs/" + digest, bytes.length, 0)).isEmpty();
    assertThat(failure(() -> read("blobs/" + digest, bytes.length + 1, 0)))
        .isEqualTo(Status.Code.OUT_OF_RANGE);
    assertThat(failure(() -> read("blobs/" + digest, 0, -1)))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void whatIsNotThere_isNotFound_andTheEmptyBlobIs() throws IOException {
    String absent = "blobs/" + Digester.digest(text("absent"));
    assertThat(failure(() -> read(absent, 0, 0))).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(failure(() -> read("blobs/nonsense/3", 0, 0)))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(read("blobs/" + Digest.EMPTY, 0, 0)).isEmpty();
    assertThat(write(upload("1", Digest.EMPTY), new byte[0])).isEqualTo(0);
  }

  @Test
  void wrongBytes_areRefused_andLeaveNothing() throws IOException {
    byte[] bytes = noise(2, 250_000);
    Digest digest = Digester.digest(bytes);
    byte[] wrong = bytes.clone();
    wrong[200_000] ^= 1;

    assertThat(failure(() -> write(upload("1", digest), wrong)))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(failure(() -> write(upload("2", digest), noise(2, 260_000))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(failure(() -> write(upload("3", digest), noise(2, 240_000))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);

    assertThat(server.store.contains(digest)).isFalse();
    try (var left = Files.list(server.layout.tmp())) {
      assertThat(left.toList()).isEmpty();
    }
  }

  @Test
  void cutUpload_goesOnWhereItWasCut() throws Exception {
    byte[] bytes = noise(3, 500_000);
    Digest digest = Digester.digest(bytes);
    String name = upload("mine", digest);
    assertThat(failure(() -> status(name))).isEqualTo(Status.Code.NOT_FOUND);

    Writing cut =
        new Writing(name).send(bytes, 0, 100_000, false).send(bytes, 100_000, 200_000, false);
    // It is on its way for as long as it takes.
    cut.requests.onCompleted();
    assertThat(cut.committed()).isEqualTo(200_000);

    assertThat(status(name).getCommittedSize()).isEqualTo(200_000);
    assertThat(status(name).getComplete()).isFalse();
    Writing elsewhere = new Writing(name).send(bytes, 300_000, 400_000, false);
    assertThat(failure(elsewhere::committed)).isEqualTo(Status.Code.OUT_OF_RANGE);
    Writing rest = new Writing(name).send(bytes, 200_000, 500_000, true);
    assertThat(rest.committed()).isEqualTo(500_000);

    assertThat(server.store.read(digest)).isEqualTo(bytes);
    assertThat(status(name).getComplete()).isTrue();
    assertThat(status(name).getCommittedSize()).isEqualTo(500_000);
  }

  @Test
  void brokenConnection_leavesWhatHasCome() throws Exception {
    byte[] bytes = noise(4, 500_000);
    Digest digest = Digester.digest(bytes);
    String name = upload("mine", digest);
    Writing broken = new Writing(name).send(bytes, 0, 100_000, false);
    awaitPartial(100_000);
    broken.requests.onError(Status.CANCELLED.asException());

    QueryWriteStatusResponse status = null;
    while (status == null) {
      try {
        status = status(name);
      } catch (StatusRuntimeException e) {
        // The server has not noticed yet.
        Thread.sleep(5);
      }
    }
    assertThat(status.getCommittedSize()).isEqualTo(100_000);

    // Whoever knows nothing of that begins anew.
    assertThat(write(name, bytes)).isEqualTo(bytes.length);
    assertThat(server.store.read(digest)).isEqualTo(bytes);
    try (var left = Files.list(server.layout.tmp())) {
      assertThat(left.toList()).isEmpty();
    }
  }

  private void awaitPartial(long size) throws Exception {
    while (true) {
      try (var files = Files.list(server.layout.tmp())) {
        for (Path file : (Iterable<Path>) files::iterator) {
          if (Files.size(file) == size) {
            return;
          }
        }
      }
      Thread.sleep(5);
    }
  }

  @Test
  void blobThatIsThere_endsAnUploadAtOnce() throws IOException {
    byte[] bytes = noise(5, 400_000);
    Digest digest = server.store.put(bytes);

    Writing writing = new Writing(upload("1", digest)).send(bytes, 0, 10, false);
    assertThat(writing.committed()).isEqualTo(bytes.length);
    Writing compressed =
        new Writing("uploads/2/compressed-blobs/zstd/" + digest).send(bytes, 0, 10, false);
    assertThat(compressed.committed()).isEqualTo(-1);
  }

  @Test
  void manyWritersOfOneBlob_allSucceed() throws Exception {
    byte[] bytes = noise(6, 2_000_000);
    Digest digest = Digester.digest(bytes);
    List<Callable<Long>> writers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String name = upload("writer-" + i, digest);
      writers.add(() -> write(name, bytes));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      for (Future<Long> done : threads.invokeAll(writers)) {
        assertThat(done.get()).isEqualTo(bytes.length);
      }
    }
    assertThat(server.store.read(digest)).isEqualTo(bytes);
  }

  @Test
  void compressed_inBothDirections() throws IOException {
    byte[] bytes = "all work and no play makes jack a dull boy\n".repeat(50_000).getBytes(UTF_8);
    Digest digest = Digester.digest(bytes);
    byte[] compressed = Zstd.compress(bytes);

    assertThat(write("uploads/1/compressed-blobs/zstd/" + digest, compressed))
        .isEqualTo(compressed.length);

    assertThat(server.store.read(digest)).isEqualTo(bytes);
    String name = "x/compressed-blobs/zstd/" + digest;
    byte[] all = read(name, 0, 0);
    assertThat(all.length).isLessThan(bytes.length / 100);
    assertThat(Zstd.decompress(all, bytes.length)).isEqualTo(bytes);
    byte[] tail = read(name, bytes.length - 43, 0);
    assertThat(Zstd.decompress(tail, 43))
        .isEqualTo(text("all work and no play makes jack a dull boy\n"));
    assertThat(failure(() -> read(name, 0, 5))).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void compressedNoise_growsByNextToNothing() throws IOException {
    byte[] bytes = noise(7, 1_500_000);
    Digest digest = Digester.digest(bytes);
    assertThat(write("uploads/1/compressed-blobs/zstd/" + digest, Zstd.compress(bytes)))
        .isEqualTo(Zstd.compress(bytes).length);
    assertThat(Zstd.decompress(read("compressed-blobs/zstd/" + digest, 0, 0), bytes.length))
        .isEqualTo(bytes);
  }

  @Test
  void compressedUploads_areVerified_andNotContinued() throws Exception {
    byte[] bytes = noise(8, 300_000);
    Digest digest = Digester.digest(bytes);
    byte[] compressed = Zstd.compress(bytes);
    String name = "uploads/1/compressed-blobs/zstd/" + digest;

    Writing cut = new Writing(name).send(compressed, 0, 100_000, false);
    cut.requests.onCompleted();
    assertThat(cut.committed()).isEqualTo(0);
    assertThat(status(name).getCommittedSize()).isEqualTo(0);

    assertThat(failure(() -> write(name, bytes))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    byte[] truncated = Arrays.copyOf(compressed, compressed.length - 1000);
    assertThat(failure(() -> write(name, truncated))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(failure(() -> write(name, Zstd.compress(new byte[9_000_000]))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(server.store.contains(digest)).isFalse();
    assertThat(write(name, compressed)).isEqualTo(compressed.length);
  }

  @Test
  void otherCompressors_areRefused() {
    String name = "compressed-blobs/brotli/" + Digester.digest(text("x"));
    assertThat(failure(() -> read(name, 0, 0))).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }
}
