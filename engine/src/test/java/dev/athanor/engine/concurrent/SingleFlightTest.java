package dev.athanor.engine.concurrent;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SingleFlightTest {
  private final SingleFlight<String> flights = new SingleFlight<>();
  private final CountDownLatch begun = new CountDownLatch(1);

  @Test
  void failure_isShared() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> first =
          threads.submit(() -> {
            flights.run(
                "k",
                () -> {
                  begun.countDown();
                  await(go);
                  throw new IOException("no luck");
                });
            return null;
          });
      begun.await();
      Future<?> second =
          threads.submit(() -> {
            flights.run("k", () -> {});
            return null;
          });
      Thread.sleep(50);
      go.countDown();

      assertThrows(ExecutionException.class, first::get);
      var e = assertThrows(ExecutionException.class, second::get);
      assertThat(e).hasCauseThat().hasMessageThat().isEqualTo("no luck");
    }
  }

  @Test
  void interruptionOfTheFirst_letsTheSecondDoIt() throws Exception {
    AtomicInteger done = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> first =
          threads.submit(() -> {
            flights.run(
                "k",
                () -> {
                  begun.countDown();
                  await(new CountDownLatch(1));
                });
            return null;
          });
      begun.await();
      Future<?> second =
          threads.submit(() -> {
            flights.run("k", done::incrementAndGet);
            return null;
          });
      Thread.sleep(50);
      first.cancel(true);

      second.get();
      assertThat(done.get()).isEqualTo(1);
    }
  }

  @Test
  void failureOfTheFirst_isNotSharedByWhoOnlyWaits() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger done = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> first =
          threads.submit(() ->
              flights.runUnlessRunning(
                  "k",
                  () -> {
                    begun.countDown();
                    await(go);
                    throw new IOException("no luck");
                  }));
      begun.await();
      Future<Boolean> second =
          threads.submit(() -> flights.runUnlessRunning("k", done::incrementAndGet));
      Thread.sleep(50);
      assertThat(second.isDone()).isFalse();
      go.countDown();

      assertThrows(ExecutionException.class, first::get);
      assertThat(second.get()).isFalse();
      assertThat(done.get()).isEqualTo(0);
      assertThat(flights.runUnlessRunning("k", done::incrementAndGet)).isTrue();
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted");
    }
  }
}
