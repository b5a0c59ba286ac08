package dev.athanor.remote.grpc;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.Directory;
import build.bazel.remote.execution.v2.OutputFile;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.testing.TestCertificate;
import dev.athanor.engine.tls.Tls;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
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
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GrpcCacheTest {
  private static final Retries QUICK = new Retries(5, Duration.ofMillis(10));

  @TempDir Path dir;

  private final MemoryBlobStore near = new MemoryBlobStore();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private DiskBlobStore stored;
  private CacheServer server;
  private GrpcCache cache;

  @BeforeEach
  void serve() throws IOException {
    stored = opened(DiskBlobStore.open(dir.resolve("server")));
    server = opened(CacheServer.start(CacheServer.Config.local(stored)));
    cache = connect(server.grpcPort());
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

  private GrpcCache connect(int port) {
    return connect(port, false, Duration.ofSeconds(20));
  }

  private GrpcCache connect(int port, boolean squeezes, Duration patience) {
    Endpoint endpoint =
        new Endpoint(
            URI.create("grpc://127.0.0.1:" + port), "main", Tls.DEFAULT, Headers.NONE, patience);
    return opened(new GrpcCache(new GrpcConnection(endpoint, "test"), QUICK, squeezes));
  }

  private static byte[] noise(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private byte[] read(GrpcCache from, Digest digest) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    from.read(digest, bytes);
    return bytes.toByteArray();
  }

  @Test
  void blobsOfAllSizes_goThereAndComeBack() throws IOException {
    for (int size : new int[] {1, 100, 70_000, 3_000_000, 9_000_001}) {
      Digest digest = near.put(noise(size, size));

      assertThat(cache.missing(Set.of(digest))).containsExactly(digest);
      cache.write(Set.of(digest), near);

      assertThat(cache.missing(Set.of(digest))).isEmpty();
      assertThat(stored.contains(digest)).isTrue();
      assertThat(read(cache, digest)).isEqualTo(near.read(digest));
      assertThat(cache.read(List.of(digest)).get(digest)).isEqualTo(near.read(digest));
    }
  }

  @Test
  void manySmallBlobs_travelTogether() throws IOException {
    List<Digest> digests = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      digests.add(near.put(("blob " + i).getBytes(UTF_8)));
    }

    cache.write(digests, near);
    Map<Digest, byte[]> back = cache.read(digests);

    assertThat(back.keySet()).containsExactlyElementsIn(digests);
    assertThat(cache.missing(Set.copyOf(digests))).isEmpty();
  }

  @Test
  void zstd_isUsedWhereItPays() throws IOException {
    GrpcCache squeezing = connect(server.grpcPort(), true, Duration.ofSeconds(20));
    Digest text = near.put("all work and no play\n".repeat(500_000).getBytes(UTF_8));
    Digest noise = near.put(noise(10_000_000, 1));
    FaultyLine line = opened(new FaultyLine(server.grpcPort()));
    // Anything more than a tenth of the text would not get through.
    line.cutAfter(text.size() / 10, Integer.MAX_VALUE);
    GrpcCache narrow = connect(line.port(), true, Duration.ofSeconds(20));

    narrow.write(Set.of(text), near);
    squeezing.write(Set.of(noise), near);

    assertThat(read(narrow, text)).isEqualTo(near.read(text));
    assertThat(read(squeezing, noise)).isEqualTo(near.read(noise));
  }

  @Test
  void whatIsNotThere_isMissing() throws IOException {
    Digest digest = Digester.digest("nowhere".getBytes(UTF_8));
    Digest large = new Digest(digest.hash(), 50_000_000);

    assertThrows(MissingBlobException.class, () -> read(cache, large));
    assertThat(cache.read(List.of(digest))).isEmpty();
    assertThat(cache.result(digest)).isEmpty();
    assertThat(cache.tree(digest)).isEmpty();
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
  void aTree_comesInOneCall() throws IOException {
    Content file = new Content.File(near.put("x".getBytes(UTF_8)), false);
    InputRoot tree =
        InputRoot.of(Map.of(RelativePath.of("a/b/c"), file, RelativePath.of("a/d"), file));
    tree.store(near);
    List<Digest> all = new ArrayList<>();
    for (byte[] directory : tree.directories()) {
      all.add(Digester.digest(directory));
    }
    cache.write(all, near);

    List<Digest> came = new ArrayList<>();
    for (Directory directory : cache.tree(tree.digest())) {
      came.add(Digester.digest(directory.toByteArray()));
    }

    assertThat(came).containsExactlyElementsIn(all);
  }

  /// Each connection lets through a part of the blob only: without resuming, no attempt would end.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCutStream_goesOnWhereItWas(boolean squeezes) throws IOException {
    Digest up = near.put(noise(20_000_000, 2));
    Digest down = stored.put(noise(20_000_000, 3));
    FaultyLine line = opened(new FaultyLine(server.grpcPort()));
    GrpcCache cut = connect(line.port(), squeezes, Duration.ofSeconds(20));

    line.cutAfter(6_000_000, Integer.MAX_VALUE);
    byte[] came = read(cut, down);
    cut.write(Set.of(up), near);

    assertThat(Digester.digest(came)).isEqualTo(down);
    assertThat(stored.contains(up)).isTrue();
    assertThat(line.connections()).isGreaterThan(5);
  }

  @Test
  void aLineThatDropsCallsNowAndThen_isNotNoticed() throws IOException {
    FaultyLine line = opened(new FaultyLine(server.grpcPort()));
    GrpcCache cut = connect(line.port());
    line.cutAfter(20_000, 10);

    for (int i = 0; i < 200; i++) {
      Digest digest = near.put(noise(1000, i));
      cut.write(Set.of(digest), near);
      assertThat(cut.missing(Set.of(digest))).isEmpty();
    }

    assertThat(line.connections()).isGreaterThan(5);
  }

  @Test
  void nobodyThere_isTroubleSoon() throws IOException {
    FaultyLine line = opened(new FaultyLine(server.grpcPort()));
    line.refuse();
    GrpcCache none = connect(line.port());
    long start = System.nanoTime();

    RemoteException e = assertThrows(RemoteException.class, () -> none.result(Digest.EMPTY));

    assertThat(e).hasMessageThat().contains("UNAVAILABLE");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void whoSwallowsEverything_isNotWaitedFor() throws IOException {
    FaultyLine line = opened(new FaultyLine(server.grpcPort()));
    GrpcCache slow = connect(line.port(), false, Duration.ofSeconds(1));
    Digest large = stored.put(noise(8_000_000, 4));
    assertThat(slow.result(Digest.EMPTY)).isEmpty();
    line.swallow();

    RemoteException e = assertThrows(RemoteException.class, () -> slow.result(Digest.EMPTY));
    assertThrows(RemoteException.class, () -> slow.read(large, OutputStream.nullOutputStream()));

    assertThat(e).hasMessageThat().isEqualTo("no answer for 1 seconds");
    assertThat(e.isHopeless()).isTrue();
  }

  @Test
  void aFullDiskHere_isNoTroubleThere() throws IOException {
    Digest digest = stored.put(noise(6_000_000, 5));
    AtomicInteger attempts = new AtomicInteger();
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            attempts.incrementAndGet();
            throw new IOException("No space left on device");
          }

          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            write(0);
          }
        };

    IOException e = assertThrows(IOException.class, () -> cache.read(digest, full));

    assertThat(e).isNotInstanceOf(RemoteException.class);
    assertThat(e).hasMessageThat().isEqualTo("No space left on device");
    assertThat(attempts.get()).isEqualTo(1);
  }

  @Test
  void tlsOnBothSides_opensForThoseWhoShowACertificate() throws Exception {
    TestCertificate certificate = TestCertificate.create(dir);
    CacheServer.Tls tls =
        new CacheServer.Tls(
            certificate.certificate(),
            certificate.key(),
            Optional.of(certificate.clientCertificate()));
    CacheServer secure = opened(CacheServer.start(CacheServer.Config.local(stored).with(tls)));
    Tls.Identity me = new Tls.Identity(certificate.clientCertificate(), certificate.clientKey());
    List<Path> authority = List.of(certificate.authority());

    GrpcCache known = secured(secure, new Tls(authority, List.of(me)));
    GrpcCache nobody = secured(secure, new Tls(authority, List.of()));
    GrpcCache mistrusting = secured(secure, new Tls(List.of(), List.of(me)));

    assertThat(known.missing(Set.of(Digester.digest(new byte[] {1})))).hasSize(1);
    assertThrows(RemoteException.class, () -> nobody.result(Digest.EMPTY));
    assertThrows(RemoteException.class, () -> mistrusting.result(Digest.EMPTY));
  }

  private GrpcCache secured(CacheServer secure, Tls tls) {
    Endpoint endpoint =
        new Endpoint(
            URI.create("grpcs://localhost:" + secure.grpcPort()),
            "",
            tls,
            Headers.NONE,
            Duration.ofSeconds(20));
    return opened(new GrpcCache(new GrpcConnection(endpoint, "test"), QUICK));
  }
}
