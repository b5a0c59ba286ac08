package dev.athanor.engine.why;

import java.util.List;
import java.util.Optional;

/// One thing that makes an action's key another one, or its result useless.
public sealed interface Cause {
  /// A source file that the action reads.
  ///
  /// @param change what became of it
  record Source(String path, Change change) implements Cause {}

  /// What another action made, and this one reads.
  ///
  /// @param maker why it is another one; absent where nobody can tell
  record Input(String path, Change change, Optional<Explanation> maker) implements Cause {}

  /// A part of what the action is.
  ///
  /// @param part such as `argument` or `environment`
  /// @param name of the part among its kind; may be empty
  /// @param before empty where there was none
  /// @param after empty where there is none
  record Part(String part, String name, Optional<String> before, Optional<String> after)
      implements Cause {}

  /// Where parts come from.
  ///
  /// @param files in the build language that say something else than before
  /// @param flags that are others than before
  record Declaration(List<String> files, List<String> flags) implements Cause {
    public Declaration {
      files = List.copyOf(files);
      flags = List.copyOf(flags);
    }
  }

  /// The action was not there before.
  record New() implements Cause {}

  /// The action failed before, or was not brought to its end.
  record Unfinished() implements Cause {}

  /// The key is the same, but its result was not to be had: the cache had lost it, or some of it.
  record Lost() implements Cause {}

  /// A result of the action never stands for a later run.
  record Uncacheable() implements Cause {}

  /// What became of something.
  enum Change {
    ADDED,
    REMOVED,
    CHANGED,
    /// It will be made anew, and nobody can tell what comes of that.
    UNKNOWN
  }
}
