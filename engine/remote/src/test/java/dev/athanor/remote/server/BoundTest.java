package dev.athanor.remote.server;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.remote.server.TestServer.failure;
import static dev.athanor.remote.server.TestServer.noise;
import static dev.athanor.remote.server.TestServer.text;
import static dev.athanor.remote.server.TestServer.wire;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.OutputFile;
import dev.athanor.engine.cas.CacheLayout;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.cas.Lease;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.tree.Trees;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A cache that is not to grow beyond a bound.
@Timeout(120)
final class BoundTest {
  private static final int KIB = 1024;
  private static final long MOST = 1000 * KIB;

  @TempDir Path temp;

  private TestServer start(Duration grace) throws IOException {
    Bound bound = new Bound(MOST, grace, List::of, Files::deleteIfExists);
    return TestServer.start(temp, config -> config.with(bound));
  }

  private static long stored(TestServer server) throws IOException {
    long bytes = 0;
    // What moves on while somebody looks is not to be counted twice.
    for (Path folder :
        List.of(server.layout.blobs(), server.layout.results(), server.layout.tmp())) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          bytes += Files.isRegularFile(file) ? size(file) : 0;
        }
      } catch (NoSuchFileException | UncheckedIOException e) {
        // It went while it was looked at.
      }
    }
    return bytes;
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  private static ActionResult result(Digest file) {
    return ActionResult.newBuilder()
        .addOutputFiles(OutputFile.newBuilder().setPath("a").setDigest(Trees.wire(file)))
        .build();
  }

  /// Sends until there is room.
  private static Digest insist(TestServer server, byte[] bytes) throws InterruptedException {
    return insist(() -> server.put(bytes));
  }

  private static <T> T insist(Supplier<T> call) throws InterruptedException {
    while (true) {
      try {
        return call.get();
      } catch (StatusRuntimeException e) {
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        Thread.sleep(20);
      }
    }
  }

  @Test
  void bound_isKept_whileClientsReadAndWrite() throws Exception {
    try (TestServer server = start(Duration.ofMillis(300))) {
      byte[] precious = noise(-1, 20 * KIB);
      Digest wanted = server.put(precious);
      Digest key = Digester.digest(text("key"));
      Digest behindResult = server.put(noise(-2, 20 * KIB));
      server.putResult(key, result(behindResult));
      AtomicBoolean done = new AtomicBoolean();
      try (ExecutorService threads = Executors.newFixedThreadPool(5)) {
        Future<Long> most =
            threads.submit(() -> {
              long max = 0;
              while (!done.get()) {
                max = Math.max(max, stored(server));
              }
              return max;
            });
        Future<?> reader =
            threads.submit(() -> {
              while (!done.get()) {
                // Whoever has been told that a blob is here finds it.
                assertThat(server.missing(Trees.wire(wanted))).isEmpty();
                assertThat(server.get("/cas/" + wanted.hex()).body()).isEqualTo(precious);
                assertThat(server.result(key)).isEqualTo(result(behindResult));
                Thread.sleep(10);
              }
              return null;
            });
        List<Future<?>> writers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          int writer = i;
          writers.add(
              threads.submit(() -> {
                for (int j = 0; j < 60; j++) {
                  Digest digest = insist(server, noise(1000 * writer + j, 20 * KIB));
                  assertThat(server.missing(Trees.wire(digest))).isEmpty();
                  Digest made = Digester.digest(text(writer + " " + j));
                  insist(() -> {
                    server.putResult(made, result(digest));
                    return made;
                  });
                }
                return null;
              }));
        }
        try {
          for (Future<?> writer : writers) {
            var _ = writer.get();
          }
        } finally {
          done.set(true);
        }
        var _ = reader.get();
        // A blob that is renamed while its folders are walked is seen twice, one for each writer.
        assertThat(most.get()).isAtMost(MOST + 3 * 20 * KIB);
        assertThat(most.get()).isGreaterThan(MOST / 2);
      }
      // Far more than fits has come in.
      String metrics = new String(server.get("/metrics").body(), UTF_8);
      assertThat(Long.parseLong(metrics.replaceAll("(?s).*evictions_total (\\d+).*", "$1")))
          .isGreaterThan(100);
      assertThat(Long.parseLong(metrics.replaceAll("(?s).*stored_bytes (\\d+).*", "$1")))
          .isAtLeast(stored(server));
    }
  }

  @Test
  void whatWasUsedAMomentAgo_stays_andWhatDoesNotFitIsRefused() throws IOException {
    try (TestServer server = start(Duration.ofMinutes(10))) {
      List<Digest> kept = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        kept.add(server.put(noise(i, 90 * KIB)));
      }
      assertThat(failure(() -> server.put(noise(99, 150 * KIB))))
          .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      byte[] tooMuch = noise(98, 150 * KIB);
      assertThat(server.put("/cas/" + Digester.digest(tooMuch).hex(), tooMuch)).isEqualTo(507);
      for (Digest digest : kept) {
        assertThat(server.missing(Trees.wire(digest))).isEmpty();
      }
      // What fits still comes in.
      assertThat(server.put(noise(97, 50 * KIB))).isNotNull();
    }
  }

  /// What lay there before counts, and goes first.
  @Test
  void whatIsThereAtTheStart_isBroughtWithinTheBound() throws IOException {
    try (TestServer server = TestServer.start(temp)) {
      for (int i = 0; i < 20; i++) {
        var _ = server.put(noise(i, 90 * KIB));
      }
    }
    LockSupport.parkNanos(Duration.ofMillis(400).toNanos());
    try (TestServer server = start(Duration.ofMillis(200))) {
      assertThat(stored(server)).isAtMost(MOST);
      assertThat(server.missing(wire(noise(19, 90 * KIB)))).isEmpty();
      assertThat(server.missing(wire(noise(0, 90 * KIB)))).hasSize(1);
    }
  }

  @Test
  void lease_isTakenAnew_soThatOthersCanCleanUp() throws Exception {
    try (TestServer server = start(Duration.ofMillis(100))) {
      var first = Lease.oldest(server.layout).orElseThrow();
      while (!Lease.oldest(server.layout).orElseThrow().isAfter(first)) {
        Thread.sleep(10);
      }
    }
    assertThat(Lease.oldest(new CacheLayout(temp))).isEmpty();
  }

  /// Else no lease is renewed, and nothing can go any more.
  @Test
  void keeper_survivesWhateverFails_andTells() throws Exception {
    AtomicBoolean broken = new AtomicBoolean();
    Bound.Others others =
        () -> {
          if (broken.get()) {
            throw new IllegalStateException("no such luck");
          }
          return List.of();
        };
    Bound bound = new Bound(MOST, Duration.ofMillis(100), others, Files::deleteIfExists);
    BlockingQueue<String> notices = new LinkedBlockingQueue<>();
    try (DiskBlobStore store = DiskBlobStore.open(temp);
        Stock stock = new Stock(store, bound, notices::add)) {
      stock.start();
      broken.set(true);
      Thread.sleep(20);
      assertThrows(IllegalStateException.class, () -> stock.take(2 * MOST));
      assertThat(stock.bytes()).isEqualTo(0);

      stock.take(MOST / 2);
      assertThat(notices.take()).contains("no such luck");

      var before = Lease.oldest(store.layout()).orElseThrow();
      while (!Lease.oldest(store.layout()).orElseThrow().isAfter(before)) {
        Thread.sleep(10);
      }
    }
  }
}
