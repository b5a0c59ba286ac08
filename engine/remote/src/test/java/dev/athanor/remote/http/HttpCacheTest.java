package dev.athanor.remote.http;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.OutputFile;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.tls.Tls;
import dev.athanor.engine.tree.Trees;
import dev.athanor.remote.Endpoint;
import dev.athanor.remote.FaultyLine;
import dev.athanor.remote.Headers;
import dev.athanor.remote.RemoteException;
import dev.athanor.remote.Retries;
import dev.athanor.remote.server.CacheServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HttpCacheTest {
  private static final Retries QUICK = new Retries(5, Duration.ofMillis(10));

  @TempDir Path dir;

  private final MemoryBlobStore near = new MemoryBlobStore();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private DiskBlobStore stored;
  private CacheServer server;
  private HttpCache cache;

  @BeforeEach
  void serve() throws IOException {
    stored = opened(DiskBlobStore.open(dir.resolve("server")));
    server = opened(CacheServer.start(CacheServer.Config.local(stored)));
    cache = connect(server.httpPort(), Duration.ofSeconds(20));
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : opened.reversed()) {
      one.close();
    }
  }

  private <T extends AutoCloseable> T opened(T one) {
    opened.add(one);
    return one;
  }

  private HttpCache connect(int port, Duration patience) {
    URI uri = URI.create("http://127.0.0.1:" + port + "/some/where");
    return opened(new HttpCache(new Endpoint(uri, "", Tls.DEFAULT, Headers.NONE, patience), QUICK));
  }

  private static byte[] noise(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] read(HttpCache from, Digest digest) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    from.read(digest, bytes);
    return bytes.toByteArray();
  }

  @Test
  void blobs_goThereAndComeBack() throws IOException {
    for (int size : new int[] {0, 1, 70_000, 9_000_001}) {
      Digest digest = near.put(noise(size, size));

      cache.write(Set.of(digest), near);

      assertThat(cache.missing(Set.of(digest))).isEmpty();
      assertThat(read(cache, digest)).isEqualTo(near.read(digest));
      assertThat(cache.read(List.of(digest)).get(digest)).isEqualTo(near.read(digest));
    }
  }

  @Test
  void whatIsNotThere_isMissing() throws IOException {
    Digest digest = Digester.digest("nowhere".getBytes(UTF_8));

    assertThat(cache.missing(Set.of(digest))).containsExactly(digest);
    assertThat(cache.read(List.of(digest))).isEmpty();
    assertThat(cache.result(digest)).isEmpty();
    assertThrows(MissingBlobException.class, () -> read(cache, digest));
    assertThrows(MissingBlobException.class, () -> cache.write(Set.of(digest), near));
  }

  @Test
  void results_goThereAndComeBack() throws IOException {
    Digest output = near.put("made".getBytes(UTF_8));
    Digest key = Digester.digest("key".getBytes(UTF_8));
    ActionResult result =
        ActionResult.newBuilder()
            .addOutputFiles(OutputFile.newBuilder().setPath("out").setDigest(Trees.wire(output)))
            .build();
    cache.write(Set.of(output), near);

    cache.putResult(key, result);

    assertThat(cache.result(key)).isEqualTo(Optional.of(result));
  }

  @Test
  void aCutBody_isReadAllTheSame() throws IOException {
    Digest down = stored.put(noise(3_000_000, 3));
    FaultyLine line = opened(new FaultyLine(server.httpPort()));
    HttpCache cut = connect(line.port(), Duration.ofSeconds(20));

    line.cutAfter(2_000_000, 1);
    byte[] came = read(cut, down);

    assertThat(Digester.digest(came)).isEqualTo(down);
    assertThat(line.connections()).isEqualTo(2);
  }

  @Test
  void nobodyThere_isTroubleSoon() throws IOException {
    FaultyLine line = opened(new FaultyLine(server.httpPort()));
    line.refuse();
    HttpCache none = connect(line.port(), Duration.ofSeconds(20));

    assertThrows(RemoteException.class, () -> none.result(Digest.EMPTY));
  }

  @Test
  void whoSwallowsEverything_isNotWaitedFor() throws IOException {
    Digest large = stored.put(noise(30_000_000, 4));
    FaultyLine line = opened(new FaultyLine(server.httpPort()));
    HttpCache slow = connect(line.port(), Duration.ofMillis(500));
    OutputStream swallowing =
        new OutputStream() {
          @Override
          public void write(int b) {
            line.swallow();
          }
        };

    assertThrows(RemoteException.class, () -> slow.read(large, swallowing));
    assertThrows(RemoteException.class, () -> slow.result(Digest.EMPTY));
  }
}
