package dev.athanor.engine.query;

import dev.athanor.engine.label.Label;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Ways through a [TargetGraph]. Cycles do no harm. Level by level, so that each level's packages
/// load side by side.
record Traversal(TargetGraph graph) {
  static final int UNBOUNDED = Integer.MAX_VALUE;

  /// `from` and what is at most `depth` steps away.
  Set<Label> dependencies(Set<Label> from, int depth) throws InterruptedException {
    Set<Label> seen = new LinkedHashSet<>(from);
    Collection<Label> level = from;
    for (int steps = 0; steps < depth && !level.isEmpty(); steps++) {
      graph.expand(level);
      List<Label> next = new ArrayList<>();
      for (Label label : level) {
        for (Label to : graph.edges(label)) {
          if (seen.add(to)) {
            next.add(to);
          }
        }
      }
      level = next;
    }
    return seen;
  }

  /// Those of `targets` within `universe`, and what depends on them within it, at most `depth`
  /// steps away.
  Set<Label> dependents(Set<Label> universe, Set<Label> targets, int depth)
      throws InterruptedException {
    Map<Label, List<Label>> reversed = reversed(universe);
    Set<Label> seen = new LinkedHashSet<>();
    targets.stream().filter(universe::contains).forEach(seen::add);
    Collection<Label> level = List.copyOf(seen);
    for (int steps = 0; steps < depth && !level.isEmpty(); steps++) {
      List<Label> next = new ArrayList<>();
      for (Label label : level) {
        for (Label by : reversed.getOrDefault(label, List.of())) {
          if (seen.add(by)) {
            next.add(by);
          }
        }
      }
      level = next;
    }
    return seen;
  }

  /// Who within `universe` depends on each target directly.
  Map<Label, List<Label>> reversed(Set<Label> universe) throws InterruptedException {
    graph.expand(universe);
    Map<Label, List<Label>> reversed = new HashMap<>();
    for (Label label : universe) {
      for (Label to : graph.edges(label)) {
        reversed.computeIfAbsent(to, _ -> new ArrayList<>()).add(label);
      }
    }
    return reversed;
  }

  /// A shortest way from one of `from` to one of `to`, in its order; empty when there is none.
  Set<Label> path(Set<Label> from, Set<Label> to) throws InterruptedException {
    // Where each target was reached from; a start from itself.
    Map<Label, Label> reached = new LinkedHashMap<>();
    from.stream().sorted().forEach(label -> reached.put(label, label));
    Collection<Label> level = List.copyOf(reached.keySet());
    while (!level.isEmpty()) {
      for (Label label : level) {
        if (to.contains(label)) {
          return way(label, reached);
        }
      }
      graph.expand(level);
      List<Label> next = new ArrayList<>();
      for (Label label : level) {
        for (Label step : graph.edges(label)) {
          if (reached.putIfAbsent(step, label) == null) {
            next.add(step);
          }
        }
      }
      level = next;
    }
    return Set.of();
  }

  private static Set<Label> way(Label end, Map<Label, Label> reached) {
    List<Label> way = new ArrayList<>(List.of(end));
    for (Label at = end; !at.equals(reached.get(at)); ) {
      at = reached.getOrDefault(at, at);
      way.addFirst(at);
    }
    return new LinkedHashSet<>(way);
  }
}
