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
  private boolean told;

  /// When one may try, while it is open; and whether one does.
  private long retryAt;

  private boolean trying;

  /// @param opened hears once that nobody is to ask any more, with the reason
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
    trying = true;
    return true;
  }

  /// The answer to a question that was asked before it opened says nothing.
  synchronized void succeeded() {
    if (!open || trying) {
      failures = 0;
      open = false;
      trying = false;
    }
  }

  void failed(RemoteException e) {
    if (e.isParticular()) {
      return;
    }
    boolean first;
    synchronized (this) {
      failures++;
      trying = false;
      boolean opens = !open && (failures >= FAILURES || e.isLasting());
      if (opens) {
        open = true;
        retryAt = nanos.getAsLong() + REST.toNanos();
      }
      first = opens && !told;
      told |= opens;
    }
    if (first) {
      opened.accept(e);
    }
  }
}
