package dev.athanor.engine.exec;

import java.time.Duration;

/// How a process ended.
///
/// @param wall from start to end
/// @param maxRssBytes the largest resident set of a process in the tree, zero where unknown
public record Exit(Cause cause, Duration wall, long maxRssBytes) {
  /// Why it ended.
  public sealed interface Cause {
    record Code(int code) implements Cause {}

    record Signal(int number) implements Cause {}

    record TimedOut(Duration limit) implements Cause {}
  }

  public boolean success() {
    return cause instanceof Cause.Code(var code) && code == 0;
  }

  /// As a shell would report it: the exit code, or 128 plus the signal; 142 (SIGALRM) when it ran
  /// out of time.
  public int code() {
    return switch (cause) {
      case Cause.Code(var code) -> code;
      case Cause.Signal(var number) -> 128 + number;
      case Cause.TimedOut _ -> 142;
    };
  }

  /// For people: `exit code 1`, `killed by signal 9`, `timed out after 60 s`.
  public String summary() {
    return switch (cause) {
      case Cause.Code(var code) -> "exit code " + code;
      case Cause.Signal(var number) -> "killed by signal " + number;
      case Cause.TimedOut(var limit) -> "timed out after " + limit.toSeconds() + " s";
    };
  }
}
