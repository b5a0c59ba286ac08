package dev.athanor.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.athanor.engine.exec.Circumstances;
import dev.athanor.engine.exec.Factor;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Set;

/// Changes the times in what `stat` and its kin answer. A time is eight bytes of seconds and four
/// of nanoseconds, in all of these structures.
///
/// @param since how old a file can be that was made for this run
record FileTimes(boolean time, boolean inputTimes, long since, FileClock clock) {
  // As far as there are times in them.
  static final int STAT_SIZE = 120;
  static final int STATX_SIZE = 128;

  private static final int NANOS = 8;

  private static final Layouts STAT = new Layouts(72, 88, 104, 104);
  private static final Layouts STATX = new Layouts(64, 112, 96, 80);

  /// Where each time is. A birth that is not told apart is at the place of the change.
  private record Layouts(int access, int modification, int change, int birth) {}

  static FileTimes of(Set<Factor> varied, Instant since) {
    return new FileTimes(
        varied.contains(Factor.TIME),
        varied.contains(Factor.INPUT_TIMES),
        since.getEpochSecond(),
        new FileClock());
  }

  /// @return whether there was something to change
  boolean change(MemorySegment answer, boolean statx) {
    Layouts at = statx ? STATX : STAT;
    boolean accessed = settable(answer, at.access);
    boolean modified = settable(answer, at.modification);
    boolean changed = kernels(answer, at.change);
    boolean born = kernels(answer, at.birth);
    return accessed || modified || changed || born;
  }

  /// One that anybody may have set to something.
  private boolean settable(MemorySegment answer, int at) {
    long seconds = answer.get(JAVA_LONG, at);
    Instant input = Layout.TIME.toInstant();
    if (inputTimes
        && seconds == input.getEpochSecond()
        && answer.get(JAVA_INT, at + NANOS) == input.getNano()) {
      set(answer, at, Circumstances.INPUT_TIME);
      return true;
    }
    if (time && seconds >= since && seconds <= System.currentTimeMillis() / 1000) {
      set(answer, at, clock.shown(time(answer, at)));
      return true;
    }
    return false;
  }

  /// One that only the kernel sets, from its clock.
  private boolean kernels(MemorySegment answer, int at) {
    if (time && answer.get(JAVA_LONG, at) != 0) {
      set(answer, at, clock.shown(time(answer, at)));
      return true;
    }
    return false;
  }

  private static Instant time(MemorySegment answer, int at) {
    return Instant.ofEpochSecond(answer.get(JAVA_LONG, at), answer.get(JAVA_INT, at + NANOS));
  }

  private static void set(MemorySegment answer, int at, Instant time) {
    answer.set(JAVA_LONG, at, time.getEpochSecond());
    answer.set(JAVA_INT, at + NANOS, time.getNano());
  }
}
