package dev.athanor.engine.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which computation waits for which, and the cycles in that.
///
/// A computation needs another one in two ways: it runs it itself, and then it is its parent; or it
/// finds it running elsewhere and waits. Only the second way is noted here, so that the usual case
/// costs nothing. A wait that would close a cycle never begins, hence there is never a cycle among
/// those that have begun.
final class Waits {
  /// @param waiter what has stopped
  /// @param target what it has stopped for
  private record Wait(Computation waiter, Computation target) {}

  /// How the search for a cycle got somewhere: from `from`, which runs `by`'s waiter.
  private record Step(Computation from, Wait by) {}

  private final List<Wait> waits = new ArrayList<>();

  /// Waits until `target` has ended. `waiter` is null when somebody outside asks.
  ///
  /// @throws CycleException when `target` needs `waiter`, however indirectly
  void await(@Nullable Computation waiter, Computation target) throws InterruptedException {
    if (waiter == null) {
      target.await();
      return;
    }
    Wait wait = new Wait(waiter, target);
    begin(wait);
    try {
      target.await();
    } finally {
      synchronized (waits) {
        waits.remove(wait);
      }
    }
  }

  private void begin(Wait wait) {
    synchronized (waits) {
      Map<Computation, Step> steps = new HashMap<>();
      ArrayDeque<Computation> open = new ArrayDeque<>(List.of(wait.target));
      for (Computation at = open.poll(); at != null; at = open.poll()) {
        if (wait.waiter.isWithin(at)) {
          throw new CycleException(path(wait, at, steps));
        }
        for (Wait next : waits) {
          if (next.waiter.isWithin(at) && !steps.containsKey(next.target)) {
            steps.put(next.target, new Step(at, next));
            open.add(next.target);
          }
        }
      }
      waits.add(wait);
    }
  }

  /// The keys from `closing` down to the waiter, and from there along all that the search went, to
  /// `closing` again.
  private static List<Key<?>> path(Wait wait, Computation closing, Map<Computation, Step> steps) {
    List<Key<?>> path = new ArrayList<>(List.of(closing.key()));
    for (Step step = steps.get(closing); step != null; step = steps.get(step.from)) {
      path.addAll(0, keysDown(step.from, step.by.waiter));
    }
    path.addAll(0, keysDown(closing, wait.waiter));
    return path;
  }

  /// The keys from `above` down to `below`, which `above` runs.
  private static List<Key<?>> keysDown(Computation above, Computation below) {
    List<Key<?>> keys = new ArrayList<>();
    for (Computation at = below; at != null; at = at == above ? null : at.parent()) {
      keys.addFirst(at.key());
    }
    return keys;
  }
}
