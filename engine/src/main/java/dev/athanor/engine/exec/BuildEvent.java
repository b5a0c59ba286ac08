package dev.athanor.engine.exec;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.history.BuildId;
import dev.athanor.engine.history.BuildState;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;

/// What happens during a build, in the order in which it happens. Console, trace and reports are
/// views of this.
public sealed interface BuildEvent {
  /// @param targets what was asked for
  record Loading(List<String> targets) implements BuildEvent {}

  /// The plan is made; from here on, actions are known by their numbers in it.
  ///
  /// @param state what is known of its actions; for reading only
  /// @param toDo the actions that are not done yet, not to be changed
  record Executing(BuildId id, BuildState state, BitSet toDo) implements BuildEvent {}

  /// An action missed the cache and runs now.
  ///
  /// @param at since execution began, as everywhere here
  record ActionStarted(int number, Action action, Duration at) implements BuildEvent {}

  /// @param total zero where unknown
  record ActionProgress(int number, String what, long done, long total) implements BuildEvent {}

  record ActionFinished(int number, Action action, Outcome outcome, Duration at)
      implements BuildEvent {}

  /// The first command is about to run, in this sandbox.
  ///
  /// @param rejected better ones, each with the reason why it does not work here
  record SandboxChosen(String name, boolean hermetic, List<String> rejected) implements BuildEvent {
    public SandboxChosen {
      rejected = List.copyOf(rejected);
    }
  }

  /// One more action was looked at by `verify`.
  ///
  /// @param what it is
  /// @param done how many were looked at so far
  /// @param of how many, as far as that is known
  /// @param findings how many of them are not deterministic
  record Verifying(String what, int done, int of, int findings) implements BuildEvent {}

  /// Something the user should know, once.
  record Notice(String message) implements BuildEvent {}

  record Finished(Summary summary) implements BuildEvent {}
}
