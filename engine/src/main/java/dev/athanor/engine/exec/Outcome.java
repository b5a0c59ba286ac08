package dev.athanor.engine.exec;

import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.label.Label;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// What became of one action.
///
/// A failing command is an expected outcome, not an exception: exceptions are kept for a broken
/// machine and for our own bugs.
public sealed interface Outcome {
  /// It ran and left every declared output behind.
  ///
  /// @param hermetic whether it saw only what it was given
  record Executed(Digest key, ActionResult result, Duration wall, boolean hermetic)
      implements Outcome {}

  /// The action cache already held the result for this action key.
  record CacheHit(Digest key, ActionResult result) implements Outcome {}

  /// Nothing that it depends on has changed since it was last looked up or run.
  record UpToDate() implements Outcome {}

  /// It ran and failed.
  ///
  /// @param output what it printed, for people; may be empty
  /// @param kept its scratch directory, where it was to be kept
  record Failed(String message, Optional<String> hint, String output, Optional<Path> kept)
      implements Outcome {}

  /// It never ran, because an action it depends on failed or the build was stopped.
  record Skipped(Label because) implements Outcome {}

  /// Whether its outputs are there.
  default boolean success() {
    return switch (this) {
      case Executed _, CacheHit _, UpToDate _ -> true;
      case Failed _, Skipped _ -> false;
    };
  }
}
