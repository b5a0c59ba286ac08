package dev.athanor.engine.exec;

import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// What became of one action.
///
/// A failing command is an expected outcome, not an exception: exceptions are kept for a broken
/// machine and for our own bugs.
public sealed interface Outcome {
  /// It ran and left every declared output behind.
  ///
  /// @param wall of all attempts
  /// @param attempts how many it took
  record Executed(Digest key, ActionResult result, Duration wall, int attempts)
      implements Outcome {}

  /// The action cache already held the result for this action key.
  record CacheHit(Digest key, ActionResult result) implements Outcome {}

  /// Nothing that it depends on has changed since it was last looked up or run.
  record UpToDate() implements Outcome {}

  /// It ran and failed.
  ///
  /// @param command where it was one that ran to its end
  record Failed(String message, Optional<String> hint, Optional<Remains> command)
      implements Outcome {
    /// What it printed, for people; may be empty.
    public String output() {
      return command.map(Remains::output).orElse("");
    }
  }

  /// What is left of a command that failed.
  ///
  /// @param output what it printed
  /// @param files what stood at those of its declared outputs that it made
  /// @param kept its scratch directory, where it was to be kept
  record Remains(Exit exit, String output, Map<RelativePath, Content> files, Optional<Path> kept) {
    public Remains {
      files = Map.copyOf(files);
    }
  }

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
