package dev.athanor.engine.exec;

import dev.athanor.engine.history.BuildId;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.tree.Content;
import java.util.BitSet;
import java.util.Optional;

/// What a build came to.
///
/// @param state what is known after it
/// @param missing the actions whose outputs are not there
/// @param unread sources that nobody has looked at since they may have changed
public record BuildResult(
    BuildId id, Summary summary, BuildState state, BitSet missing, BitSet unread) {
  public BuildResult withId(BuildId other) {
    return new BuildResult(other, summary, state, missing, unread);
  }

  public Plan plan() {
    return state.plan();
  }

  /// Whether a source or output is there.
  public boolean has(int reference) {
    return !Plan.isOutput(reference) || !missing.get(plan().producer(Plan.number(reference)));
  }

  /// What a source or output holds; absent when it could not be made.
  public Optional<Content> content(int reference) {
    return has(reference) ? Optional.ofNullable(state.content(reference)) : Optional.empty();
  }
}
