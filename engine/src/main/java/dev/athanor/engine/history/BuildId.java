package dev.athanor.engine.history;

import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/// Names one build of a workspace. Later builds have larger ids.
///
/// @param millis when it began, since the epoch
/// @param number tells builds apart that begin in the same millisecond
public record BuildId(long millis, int number) implements Comparable<BuildId> {
  private static final AtomicLong LAST = new AtomicLong();

  /// An id that no other build on this machine has.
  public static BuildId create() {
    long time =
        LAST.accumulateAndGet(System.currentTimeMillis(), (last, now) -> Math.max(last + 1, now));
    return new BuildId(time, (int) ProcessHandle.current().pid());
  }

  @Override
  public int compareTo(BuildId that) {
    int order = Long.compare(millis, that.millis);
    return order != 0 ? order : Integer.compare(number, that.number);
  }

  /// Twenty hex digits.
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(millis, 12) + hex.toHexDigits(number);
  }
}
