package dev.athanor.remote.server;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.remote.server.TestServer.noise;
import static dev.athanor.remote.server.TestServer.text;
import static dev.athanor.remote.server.TestServer.wire;
import static java.nio.charset.StandardCharsets.UTF_8;

import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.OutputFile;
import com.google.common.primitives.Bytes;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The HTTP port.
@Timeout(60)
final class HttpCacheTest {
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

  private HttpResponse<byte[]> head(String path) throws IOException {
    return server.send(server.request(path).method("HEAD", HttpRequest.BodyPublishers.noBody()));
  }

  @Test
  void blobs_goInAndOut_verified() throws IOException {
    byte[] bytes = noise(1, 2_000_000);
    String path = "/cas/" + Digester.digest(bytes).hex();
    assertThat(server.get(path).statusCode()).isEqualTo(404);
    assertThat(server.put(path, text("something else"))).isEqualTo(400);
    assertThat(server.get(path).statusCode()).isEqualTo(404);

    assertThat(server.put("/some/prefix" + path, bytes)).isEqualTo(200);
    assertThat(server.put(path, bytes)).isEqualTo(200);

    assertThat(server.get(path).body()).isEqualTo(bytes);
    assertThat(server.get("/other" + path).body()).isEqualTo(bytes);
    HttpResponse<byte[]> head = head(path);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValueAsLong("Content-Length").orElse(-1)).isEqualTo(2_000_000);
    try (var left = Files.list(server.layout.tmp())) {
      assertThat(left.toList()).isEmpty();
    }
  }

  @Test
  void bodiesOfUnknownLength_areTaken() throws IOException {
    byte[] bytes = noise(2, 100_000);
    HttpRequest.Builder request =
        server
            .request("/cas/" + Digester.digest(bytes).hex())
            .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)));
    assertThat(server.send(request).statusCode()).isEqualTo(200);
    assertThat(server.store.read(Digester.digest(bytes))).isEqualTo(bytes);
  }

  @Test
  void emptyBlob_isAlwaysThere() throws IOException {
    String path = "/cas/" + Digest.EMPTY.hex();
    assertThat(server.get(path).statusCode()).isEqualTo(200);
    assertThat(server.get(path).body()).isEmpty();
    assertThat(server.put(path, new byte[0])).isEqualTo(200);
  }

  /// As a power cut leaves it.
  @Test
  void shortenedBlob_isMendedByWhoSendsItAgain() throws IOException {
    byte[] bytes = noise(3, 1000);
    Digest digest = server.put(bytes);
    Path file = server.layout.blob(digest);
    Files.delete(file);
    Files.write(file, new byte[10]);
    Files.setLastModifiedTime(file, DiskBlobStore.SEAL);

    assertThat(server.put("/cas/" + digest.hex(), bytes)).isEqualTo(200);

    assertThat(server.get("/cas/" + digest.hex()).body()).isEqualTo(bytes);
  }

  @Test
  void results_areGivenOnlyWithTheirBlobs() throws IOException {
    byte[] result =
        ActionResult.newBuilder()
            .addOutputFiles(OutputFile.newBuilder().setPath("a").setDigest(wire(text("a"))))
            .build()
            .toByteArray();
    String path = "/ac/" + KEY.hex();
    assertThat(server.put(path, text("no message at all"))).isEqualTo(400);
    assertThat(server.put(path, result)).isEqualTo(200);
    assertThat(server.get(path).statusCode()).isEqualTo(404);
    assertThat(head(path).statusCode()).isEqualTo(404);

    var _ = server.put(text("a"));

    assertThat(server.get(path).body()).isEqualTo(result);
    assertThat(head(path).statusCode()).isEqualTo(200);
    // The other protocol sees the same.
    assertThat(server.result(KEY).toByteArray()).isEqualTo(result);
  }

  /// Others write the fields of a message in another order.
  @Test
  void results_areKeptByteForByte() throws IOException {
    byte[] printed = ActionResult.newBuilder().setExitCode(3).build().toByteArray();
    byte[] files =
        ActionResult.newBuilder()
            .addOutputFiles(OutputFile.newBuilder().setPath("a").setDigest(wire(text("a"))))
            .build()
            .toByteArray();
    byte[] result = Bytes.concat(printed, files);
    assertThat(ActionResult.parseFrom(result).toByteArray()).isNotEqualTo(result);
    var _ = server.put(text("a"));

    assertThat(server.put("/ac/" + KEY.hex(), result)).isEqualTo(200);

    assertThat(server.get("/ac/" + KEY.hex()).body()).isEqualTo(result);
  }

  @Test
  void whatIsNoCache_isRefused() throws IOException {
    assertThat(server.get("/").statusCode()).isEqualTo(404);
    assertThat(server.get("/cas/abc").statusCode()).isEqualTo(404);
    assertThat(server.get("/cas/" + "g".repeat(64)).statusCode()).isEqualTo(404);
    assertThat(server.send(server.request("/cas/" + KEY.hex()).DELETE()).statusCode())
        .isEqualTo(405);
  }

  @Test
  void metrics_countWhatHappened() throws IOException {
    Digest digest = server.put(text("four"));
    var _ = server.get("/cas/" + digest.hex());
    var _ = server.get("/cas/" + KEY.hex());
    var _ = server.get("/ac/" + KEY.hex());

    String metrics = new String(server.get("/metrics").body(), UTF_8);

    assertThat(metrics)
        .contains("athanor_cache_requests_total{kind=\"BatchUpdateBlobs\",code=\"OK\"} 1\n");
    assertThat(metrics)
        .contains("athanor_cache_requests_total{kind=\"http GET cas\",code=\"404\"} 1\n");
    assertThat(metrics).contains("# TYPE athanor_cache_hits_total counter\n");
    assertThat(metrics).contains("athanor_cache_hits_total{store=\"blobs\"} 1\n");
    assertThat(metrics).contains("athanor_cache_misses_total{store=\"blobs\"} 1\n");
    assertThat(metrics).contains("athanor_cache_misses_total{store=\"results\"} 1\n");
    assertThat(metrics).contains("athanor_cache_received_bytes_total 4\n");
    assertThat(metrics).contains("athanor_cache_sent_bytes_total 4\n");
    assertThat(metrics).contains("athanor_cache_stored_bytes 4\n");
    assertThat(metrics).contains("athanor_cache_entries 1\n");
    assertThat(metrics).contains("athanor_cache_evictions_total 0\n");
    assertThat(metrics).contains("athanor_cache_uptime_seconds ");
  }

  @Test
  void health_isWhetherTheStoreCanBeWritten() throws Exception {
    // Root may write everywhere, but not into what is not there.
    Files.delete(server.layout.tmp());
    assertThat(server.get("/healthz").statusCode()).isEqualTo(503);
    Files.createDirectories(server.layout.tmp());
    // An answer counts for a moment.
    while (server.get("/healthz").statusCode() != 200) {
      Thread.sleep(50);
    }
  }
}
