package dev.athanor.engine.why;

import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.util.Optional;

/// A plan, and what its sources and outputs hold at one moment.
public interface Moment {
  Plan plan();

  /// What a source or output holds; absent where nobody can tell.
  Optional<Content> content(int reference) throws IOException;

  /// The moment at which a build ended.
  static Moment of(BuildState state) {
    return new Moment() {
      @Override
      public Plan plan() {
        return state.plan();
      }

      @Override
      public Optional<Content> content(int reference) {
        return Optional.ofNullable(state.content(reference));
      }
    };
  }
}
