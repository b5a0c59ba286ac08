package dev.athanor.engine.exec;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Runs actions, and when a blob that one needs is gone, whatever made it: a lost blob is an
/// ordinary invalidation of its producer.
///
/// Producers run on the thread, and under the permits, of the action that needs them.
final class Rewinding {
  /// How often an action is tried again because one and the same blob was lost. It was made each
  /// time, so more than a few times means that it is lost as fast as it is made.
  private static final int MAX_REWINDS = 5;

  private final Build build;

  /// Keep two threads from running one producer at the same time; a few do for all actions.
  private final Object[] locks = new Object[64];

  Rewinding(Build build) {
    this.build = build;
    for (int i = 0; i < locks.length; i++) {
      locks[i] = new Object();
    }
  }

  Outcome run(int action) throws IOException, InterruptedException {
    Map<Digest, Integer> losses = new HashMap<>();
    while (true) {
      try {
        return new Attempt(build, action).run();
      } catch (MissingBlobException e) {
        int times = losses.merge(e.digest(), 1, Integer::sum);
        if (times > MAX_REWINDS) {
          throw e;
        }
        if (!makeLost(action, e.digest()) && times > 1) {
          // Nothing that the action reads is lost; so it is named by something deeper.
          makeLostBelow(action, e.digest(), new HashSet<>());
        }
      }
    }
  }

  /// Runs every producer of an input of which something is gone.
  ///
  /// @return whether there was any
  private boolean makeLost(int action, Digest lost) throws IOException, InterruptedException {
    int[] references = build.plan.inputs(action);
    build.contents.restoreSources(references);
    boolean any = false;
    for (int producer : build.plan.producers(references).stream().toArray()) {
      any |= makeIfLost(producer, lost);
    }
    return any;
  }

  private void makeLostBelow(int action, Digest lost, Set<Integer> seen)
      throws IOException, InterruptedException {
    for (int producer : build.plan.producers(build.plan.inputs(action)).stream().toArray()) {
      if (seen.add(producer) && !makeLost(producer, lost)) {
        makeLostBelow(producer, lost, seen);
      }
    }
  }

  private boolean makeIfLost(int action, Digest lost) throws IOException, InterruptedException {
    synchronized (locks[action % locks.length]) {
      if (!isLost(action, lost)) {
        return false;
      }
      Outcome outcome = run(action);
      if (outcome instanceof Outcome.Failed failure) {
        throw new UserException(
            build.plan.action(action).describe()
                + " had to run again and failed: "
                + failure.message());
      }
      build.ranAgain();
      return true;
    }
  }

  private boolean isLost(int action, Digest lost) throws IOException {
    List<Content> outputs = build.contents.outputs(action);
    if (outputs == null) {
      return true;
    }
    for (Content output : outputs) {
      if (!Trees.isHere(output, build.scheduler.blobs)) {
        return true;
      }
    }
    Digest key = build.state.key(action);
    Optional<ActionResult> result = key == null ? Optional.empty() : build.scheduler.cache.get(key);
    return result.isPresent()
        && result.get().references().contains(lost)
        && !build.scheduler.blobs.contains(lost);
  }
}
