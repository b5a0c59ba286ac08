package dev.athanor.sandbox;

import dev.athanor.engine.exec.Circumstances;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// From when files seem to be that are made in a run: all from its beginning, until somebody has
/// slept past a second while nobody else was awake. What is made after that is later in every run.
final class FileClock {
  /// File systems stamp files by a clock that is some milliseconds behind.
  private static final Duration BEHIND = Duration.ofMillis(10);

  /// From a real time on, a varied one in whole seconds. Both grow.
  private final TreeMap<Instant, Long> seconds = new TreeMap<>();

  /// A sleep ends now.
  ///
  /// @param nanos the sleeper's time
  void wake(Instant now, long nanos) {
    long second = nanos / Sleeps.SECOND;
    Map.Entry<Instant, Long> last = seconds.lastEntry();
    if (second > (last == null ? Circumstances.TIME.getEpochSecond() : last.getValue())) {
      seconds.put(now.minus(BEHIND), second);
    }
  }

  /// @param real when a file was made
  Instant shown(Instant real) {
    Map.Entry<Instant, Long> entry = seconds.floorEntry(real);
    return entry == null ? Circumstances.TIME : Instant.ofEpochSecond(entry.getValue());
  }
}
