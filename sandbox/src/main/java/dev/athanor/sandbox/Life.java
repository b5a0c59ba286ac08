package dev.athanor.sandbox;

import java.time.Instant;

/// What a traced process lives by in place of the real clock and of real chance: a clock that moves
/// when it is looked at, and numbers that follow from where it stands in the tree of processes.
///
/// Processes that run side by side have clocks of their own, so that it does not matter which of
/// them is faster. One begins with its parent's time, and the parent catches up when it hears of
/// the end of one.
final class Life {
  private static final long STEP_NANOS = 1_000_000;

  /// After so many looks each takes ten times as long, up to a second: whoever looks until it is
  /// later gets there in the end.
  private static final long PATIENCE = 1_000;

  private static final long LONGEST_STEP_NANOS = 1_000_000_000;
  private static final long NANOS = 1_000_000_000;

  /// The odd number of SplitMix64.
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private long nanos;
  private long looks;
  private long random;
  private long children;

  private Life(long nanos, long random) {
    this.nanos = nanos;
    this.random = random;
  }

  static Life first(Instant begin) {
    return new Life(begin.getEpochSecond() * NANOS, 0);
  }

  /// That of the next process which this one starts.
  Life child() {
    children++;
    return new Life(nanos, mix(random + mix(children)));
  }

  /// The time in nanoseconds since 1970. Later with each look.
  long look() {
    long now = nanos;
    nanos += step();
    looks++;
    return now;
  }

  private long step() {
    long step = STEP_NANOS;
    for (long i = PATIENCE; i <= looks && step < LONGEST_STEP_NANOS; i += PATIENCE) {
      step *= 10;
    }
    return step;
  }

  long nanos() {
    return nanos;
  }

  /// Lets time pass.
  void pass(long time) {
    nanos += Math.max(0, time);
  }

  /// Lets time pass, unless it is later than that.
  void passUntil(long time) {
    nanos = Math.max(nanos, time);
  }

  /// Another 64 bits.
  long random() {
    random += GAMMA;
    return mix(random);
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
