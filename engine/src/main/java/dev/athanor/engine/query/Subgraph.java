package dev.athanor.engine.query;

import dev.athanor.engine.label.Label;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/// Some targets, by label, and the direct dependencies among them. Cycles are allowed: the targets
/// of one count as standing in one place.
public final class Subgraph {
  private final List<Label> labels;
  private final int[][] edges;
  private final int[] component;
  private final int components;

  /// @param labels in order
  Subgraph(List<Label> labels, int[][] edges) {
    this.labels = labels;
    this.edges = edges;
    Components found = new Components(edges);
    this.component = found.numbers();
    this.components = found.count();
  }

  static Subgraph of(TargetGraph graph, Set<Label> targets) throws InterruptedException {
    List<Label> labels = targets.stream().sorted().toList();
    Map<Label, Integer> numbers = HashMap.newHashMap(labels.size());
    for (int i = 0; i < labels.size(); i++) {
      numbers.put(labels.get(i), i);
    }
    graph.expand(labels);
    int[][] edges = new int[labels.size()][];
    for (int i = 0; i < edges.length; i++) {
      int[] row = new int[graph.edges(labels.get(i)).size()];
      int size = 0;
      for (Label to : graph.edges(labels.get(i))) {
        Integer number = numbers.get(to);
        if (number != null) {
          row[size++] = number;
        }
      }
      edges[i] = Arrays.copyOf(row, size);
    }
    return new Subgraph(labels, edges);
  }

  /// In order.
  public List<Label> labels() {
    return labels;
  }

  /// The dependencies of the target with this number in [#labels], as numbers.
  public int[] dependencies(int number) {
    return edges[number].clone();
  }

  /// By label, how many steps each target is away from the nearest one that nothing depends on.
  public int[] minRanks() {
    return ranks(false);
  }

  /// The same along the longest way.
  public int[] maxRanks() {
    return ranks(true);
  }

  private int[] ranks(boolean longest) {
    int[] rank = new int[components];
    Arrays.fill(rank, longest ? 0 : Integer.MAX_VALUE);
    List<List<Integer>> members = members();
    // Dependencies have lower numbers, so by the time that a component is looked at all that
    // depends on it has been.
    for (int at = components - 1; at >= 0; at--) {
      int here = rank[at] == Integer.MAX_VALUE ? 0 : rank[at];
      rank[at] = here;
      for (int member : members.get(at)) {
        for (int to : edges[member]) {
          int other = component[to];
          if (other != at) {
            rank[other] =
                longest ? Math.max(rank[other], here + 1) : Math.min(rank[other], here + 1);
          }
        }
      }
    }
    return Arrays.stream(component).map(number -> rank[number]).toArray();
  }

  /// Each target before its dependencies; where that leaves a choice, by label.
  List<Label> topological() {
    List<List<Integer>> members = members();
    int[] waiting = new int[components];
    for (int from = 0; from < edges.length; from++) {
      for (int to : edges[from]) {
        waiting[component[to]] += component[from] == component[to] ? 0 : 1;
      }
    }
    // A component stands where its first member would.
    PriorityQueue<Integer> ready =
        new PriorityQueue<>(
            (a, b) -> Integer.compare(members.get(a).getFirst(), members.get(b).getFirst()));
    for (int i = 0; i < components; i++) {
      if (waiting[i] == 0) {
        ready.add(i);
      }
    }
    List<Label> order = new ArrayList<>(labels.size());
    for (Integer at = ready.poll(); at != null; at = ready.poll()) {
      for (int member : members.get(at)) {
        order.add(labels.get(member));
        for (int to : edges[member]) {
          int other = component[to];
          if (other != at && --waiting[other] == 0) {
            ready.add(other);
          }
        }
      }
    }
    return order;
  }

  /// The targets of each component, by label.
  private List<List<Integer>> members() {
    List<List<Integer>> members = new ArrayList<>();
    for (int i = 0; i < components; i++) {
      members.add(new ArrayList<>(1));
    }
    for (int i = 0; i < component.length; i++) {
      members.get(component[i]).add(i);
    }
    return members;
  }
}
