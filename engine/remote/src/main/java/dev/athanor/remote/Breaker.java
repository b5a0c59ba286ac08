package dev.athanor.remote;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Keeps everybody from asking a machine that does not answer: after some failures in a row nobody
/// asks it for a while, and then one does, to see. Safe for use by many threads.
final class Breaker {
  private static final int FAILURES = 3;
  private static final Duration REST = Duration.ofSeconds(30);

  private final Consumer<RemoteException> opened;
  private final LongSupplier nanos;
  private int failures;
  private boolean open;
  private long retryAt;

  /// @param opened hears of it when nobody is to ask any more, with the reason
  /// @param nanos a clock
  Breaker(Consumer<RemoteException> opened, LongSupplier nanos) {
    this.opened = opened;
    this.nanos = nanos;
  }

  /// Whether to ask now. Whoever is told to go on says how it ended.
  synchronized boolean admits() {
    if (!open) {
      return true;
    }
    if (retryAt - nanos.getAsLong() > 0) {
      return false;
    }
    retryAt = nanos.getAsLong() + REST.toNanos();
    return true;
  }

  synchronized void succeeded() {
    failures = 0;
    open = false;
  }

  void failed(RemoteException e) {
    boolean first;
    synchronized (this) {
      failures++;
      first = !open && (failures >= FAILURES || e.isHopeless());
      if (first) {
        open = true;
        retryAt = nanos.getAsLong() + REST.toNanos();
      }
    }
    if (first) {
      opened.accept(e);
    }
  }
}
