package dev.athanor.sandbox;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Ends a process that takes too long: asks it to when its time is up, and forces it soon after.
final class Deadline implements AutoCloseable {
  /// Sends a signal, if there is somebody to get it.
  interface Signals {
    /// @return whether there was
    boolean send(int number);
  }

  /// How soon a process is looked for again that should have been there.
  private static final Duration AGAIN = Duration.ofMillis(10);

  private static final ScheduledThreadPoolExecutor TIMER = timer();

  private final Signals signals;
  private @Nullable Future<?> next;
  private boolean passed;
  private boolean over;

  private Deadline(Signals signals) {
    this.signals = signals;
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("sandbox-deadline").factory());
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /// Begins to count. Without a limit nothing will happen.
  static Deadline of(Optional<Duration> limit, Signals signals) {
    Deadline deadline = new Deadline(signals);
    limit.ifPresent(time -> deadline.in(time, deadline::ask));
    return deadline;
  }

  private synchronized void in(Duration time, Runnable action) {
    if (!over) {
      next = TIMER.schedule(action, time.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private synchronized void ask() {
    if (over) {
      return;
    }
    passed = signals.send(Libc.SIGTERM);
    if (passed) {
      in(Supervised.GRACE, this::force);
    } else {
      in(AGAIN, this::ask);
    }
  }

  private synchronized void force() {
    if (!over) {
      boolean _ = signals.send(Libc.SIGKILL);
    }
  }

  /// Whether the time was up before the process ended.
  synchronized boolean passed() {
    return passed;
  }

  /// From here on nobody is sent anything.
  @Override
  public synchronized void close() {
    over = true;
    if (next != null) {
      next.cancel(false);
    }
  }
}
