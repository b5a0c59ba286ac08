package dev.athanor.engine.exec;

import dev.athanor.engine.action.Action;
import java.time.Duration;
import java.util.List;

/// What happens during a build, in the order in which it happens. Console, trace and reports are
/// views of this.
public sealed interface BuildEvent {
  /// @param targets what was asked for
  record Loading(List<String> targets) implements BuildEvent {}

  /// The action graph is known; `actions` of it may have to run.
  record Executing(int actions) implements BuildEvent {}

  /// An action missed the cache and runs now.
  record ActionStarted(Action action) implements BuildEvent {}

  /// @param total zero where unknown
  record ActionProgress(Action action, String what, long done, long total) implements BuildEvent {}

  /// @param at since the build began
  record ActionFinished(Action action, Outcome outcome, Duration at) implements BuildEvent {}

  /// Something the user should know, once.
  record Notice(String message) implements BuildEvent {}

  record Finished(Summary summary) implements BuildEvent {}
}
