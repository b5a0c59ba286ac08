package dev.athanor.engine.exec;

import dev.athanor.engine.digest.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Actions of one build that have the same key, such as those of a target that is built for several
/// platforms and comes out the same for all: the first one runs, and the others wait for what it
/// leaves in the cache, or fail with it.
final class Twins {
  /// Who waits for the action that runs under a key.
  private final Map<Digest, List<Integer>> waiting = new HashMap<>();

  private final Map<Integer, Digest> running = new HashMap<>();

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

  /// An action has ended, however: those that waited for it.
  synchronized List<Integer> leave(int action) {
    Digest key = running.remove(action);
    List<Integer> others = key == null ? null : waiting.remove(key);
    return others == null ? List.of() : others;
  }
}
