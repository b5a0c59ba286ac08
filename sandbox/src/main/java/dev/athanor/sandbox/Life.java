package dev.athanor.sandbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a traced process lives by in place of the real clock and of real chance: a clock that moves
/// when it is looked at, and numbers that follow from where it stands in the tree of processes.
///
/// Processes that run side by side have clocks of their own, so that it does not matter which of
/// them is faster. One begins with its parent's time, and the parent catches up when it hears of
/// the end of one.
final class Life {
  private static final long STEP_NANOS = 1_000_000;
  private static final long NANOS = 1_000_000_000;

  /// The odd number of SplitMix64.
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private final @Nullable Life parent;
  private long nanos;
  private long random;
  private long children;

  /// The latest time of those that it started and that have ended.
  private long ended;

  private Life(@Nullable Life parent, long nanos, long random) {
    this.parent = parent;
    this.nanos = nanos;
    this.random = random;
  }

  static Life first(Instant begin) {
    return new Life(null, begin.getEpochSecond() * NANOS, 0);
  }

  /// That of the next process which this one starts.
  Life child() {
    children++;
    return new Life(this, nanos, mix(random + mix(children)));
  }

  /// The time in nanoseconds since 1970. Later with each look.
  long look() {
    long now = nanos;
    nanos += STEP_NANOS;
    return now;
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

  /// Has ended, which its parent has not heard of.
  void end() {
    if (parent != null) {
      parent.ended = Math.max(parent.ended, nanos);
    }
  }

  /// Hears that a process has ended which it had started.
  void hear() {
    passUntil(ended);
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
