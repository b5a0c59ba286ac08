package dev.athanor.engine.exec;

import java.time.Duration;

/// How many actions of a build came to which end.
///
/// @param executed really ran, and succeeded
/// @param cached were answered by the action cache
public record Summary(int executed, int cached, int failed, int skipped, Duration wall) {
  public boolean success() {
    return failed == 0 && skipped == 0;
  }
}
