package dev.athanor.remote.server;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Whether the store can be written to. Everybody may ask, and trying costs a file: an answer
/// counts for a while.
final class Health {
  private final BooleanSupplier trial;
  private final Duration counts;
  private boolean well;
  private boolean tried;
  private long since;

  Health(BooleanSupplier trial, Duration counts) {
    this.trial = trial;
    this.counts = counts;
  }

  synchronized boolean isWell() {
    if (!tried || System.nanoTime() - since >= counts.toNanos()) {
      well = trial.getAsBoolean();
      tried = true;
      since = System.nanoTime();
    }
    return well;
  }
}
