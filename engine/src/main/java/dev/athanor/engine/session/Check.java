package dev.athanor.engine.session;

import dev.athanor.engine.UserException;
import dev.athanor.engine.concurrent.SideBySide;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.plan.Watch;
import dev.athanor.engine.source.Stamps;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;

/// Which files that a plan depends on are not, or not surely, what they were.
final class Check {
  private final Path root;
  private final BuildState state;
  private final long[] stamps;
  private final BitSet changed = new BitSet();

  private Check(Path root, BuildState state, long[] stamps) {
    this.root = root;
    this.state = state;
    this.stamps = stamps;
  }

  /// Looks at every file; at none of what is in them.
  static Check of(Path root, BuildState state, Stamps stamps)
      throws IOException, InterruptedException {
    Plan plan = state.plan();
    Check check = new Check(root, state, new long[plan.watchCount()]);
    SideBySide.forEach(
        plan.watchCount(),
        watch ->
            check.stamps[watch] =
                stamps.of(
                    check.path(plan.watchPath(watch)),
                    state.stamp(watch),
                    watch < plan.sourceCount()));
    for (int watch = 0; watch < check.stamps.length; watch++) {
      if (check.stamps[watch] == Stamps.UNKNOWN || check.stamps[watch] != state.stamp(watch)) {
        check.changed.set(watch);
      }
    }
    return check;
  }

  /// `resolve` takes an absolute path as it is.
  private Path path(String watched) {
    return root.resolve(watched);
  }

  boolean nothingChanged() {
    return changed.isEmpty();
  }

  /// Whether loading and analysis would be told the same as when the plan was made.
  boolean planHolds() {
    for (Watch watch : state.plan().watches(changed)) {
      if (watch.said().isEmpty() && !watch.source()) {
        return false;
      }
      for (Watch.Said said : watch.said()) {
        try {
          if (said.aspect().of(path(watch.path())).fingerprint() != said.fingerprint()) {
            return false;
          }
        } catch (UserException e) {
          return false;
        }
      }
    }
    return true;
  }

  /// Sources that may hold something else than the state says.
  BitSet doubtfulSources() {
    return changed.get(0, state.plan().sourceCount());
  }

  /// Notes what was seen, except of sources that nobody has read since.
  ///
  /// @param unread those sources
  void note(BitSet unread) {
    for (int watch = changed.nextSetBit(0); watch >= 0; watch = changed.nextSetBit(watch + 1)) {
      state.setStamp(watch, unread.get(watch) ? Stamps.UNKNOWN : stamps[watch]);
    }
  }
}
