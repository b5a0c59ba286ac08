package dev.athanor.engine.exec;

import dev.athanor.engine.digest.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Actions of one build that have the same key, such as those of a target that is built for several
/// platforms and comes out the same for all: the first one runs, and the others wait for what it
/// leaves in the cache, or fail with it.
final class Twins {
  /// Who waits for the action that runs under a key.
  private final Map<Digest, List<Integer>> waiting = new HashMap<>();

  private final Map<Integer, Digest> running = new HashMap<>();
  private final Map<Digest, Outcome.Failed> failures = new HashMap<>();

  /// Whether an action may run: nobody does so under its key. If not, [#leave] of the other one
  /// tells when to look again.
  synchronized boolean enter(int action, Digest key) {
    List<Integer> others = waiting.get(key);
    if (others != null) {
      others.add(action);
      return false;
    }
    waiting.put(key, new ArrayList<>(0));
    running.put(action, key);
    return true;
  }

  /// How an action failed that ran under a key in this build: the same would come of another one.
  /// To be asked by whoever has entered.
  synchronized Optional<Outcome.Failed> failure(Digest key) {
    return Optional.ofNullable(failures.get(key));
  }

  /// An action has ended: those that waited for it.
  synchronized List<Integer> leave(int action, Outcome outcome) {
    Digest key = running.remove(action);
    if (key != null && outcome instanceof Outcome.Failed failed) {
      failures.put(key, failed);
    }
    List<Integer> others = key == null ? null : waiting.remove(key);
    return others == null ? List.of() : others;
  }
}
