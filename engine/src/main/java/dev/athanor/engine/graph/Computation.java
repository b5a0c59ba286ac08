package dev.athanor.engine.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// One key while it is being computed or verified: the graph as the key sees it.
final class Computation implements Evaluation {
  private final Graph graph;
  private final Key<?> key;
  private final @Nullable Computation parent;
  private final int depth;
  private final CountDownLatch ended = new CountDownLatch(1);

  /// What it has asked for so far; a computation may ask from several threads.
  private final List<List<Key<?>>> groups = Collections.synchronizedList(new ArrayList<>(2));

  /// Set before `ended` when the computation broke: neither a value nor a mistake of the user.
  private @Nullable Throwable broken;

  /// @param parent what asked for the key, and runs it; null when somebody outside did
  Computation(Graph graph, Key<?> key, @Nullable Computation parent) {
    this.graph = graph;
    this.key = key;
    this.parent = parent;
    this.depth = parent == null ? 1 : parent.depth + 1;
  }

  Key<?> key() {
    return key;
  }

  @Nullable Computation parent() {
    return parent;
  }

  /// How many computations run inside one another here, this one included.
  int depth() {
    return depth;
  }

  /// Whether this runs for `above`, or is it.
  boolean isWithin(Computation above) {
    for (Computation at = this; at != null && at.depth >= above.depth; at = at.parent) {
      if (at == above) {
        return true;
      }
    }
    return false;
  }

  @Override
  @SuppressWarnings("unchecked") // A key's entry holds what the key computed.
  public <V> V get(Key<V> wanted) throws InterruptedException {
    groups.add(List.of(wanted));
    return (V) graph.entry(wanted, this).get();
  }

  @Override
  public <V> List<V> getAll(List<? extends Key<V>> wanted) throws InterruptedException {
    groups.add(List.copyOf(wanted));
    return Graph.values(graph.entries(wanted, this));
  }

  List<List<Key<?>>> groups() {
    synchronized (groups) {
      return List.copyOf(groups);
    }
  }

  void await() throws InterruptedException {
    ended.await();
    switch (broken) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null -> {}
      default -> throw new IllegalStateException(broken);
    }
  }

  void end(@Nullable Throwable because) {
    broken = because;
    ended.countDown();
  }
}
