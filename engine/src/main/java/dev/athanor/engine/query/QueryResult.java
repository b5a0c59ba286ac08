package dev.athanor.engine.query;

import dev.athanor.engine.UserException;
import dev.athanor.engine.label.Label;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The answer to a [Query].
public final class QueryResult {
  private final TargetGraph graph;
  private final List<QueryTarget> targets;

  QueryResult(TargetGraph graph, List<QueryTarget> targets) {
    this.graph = graph;
    this.targets = List.copyOf(targets);
  }

  /// In the order that was asked for.
  public List<QueryTarget> targets() {
    return targets;
  }

  /// What each target depends on directly, whether that is part of the answer or not.
  public List<Label> dependencies(QueryTarget target) throws InterruptedException {
    return graph.edges(target.label());
  }

  /// The targets with their direct dependencies on each other.
  public Subgraph subgraph() throws InterruptedException {
    Set<Label> labels = new LinkedHashSet<>();
    targets.forEach(target -> labels.add(target.label()));
    return Subgraph.of(graph, labels);
  }

  /// What could not be looked at so far, and is missing from the answer. Asking for dependencies
  /// may add to it.
  public List<UserException> errors() {
    return graph.errors();
  }
}
