package dev.athanor.engine.graph;

import org.jspecify.annotations.Nullable;

/// Names a value that comes from outside the graph, such as what a file says. It is read once in
/// every revision.
///
/// @param <V> the type of the value; equal values mean that nothing changed
public interface Leaf<V> extends Key<V> {
  /// Reads the value.
  ///
  /// @param previous what it was in an earlier revision; to be returned where reading can be spared
  V read(@Nullable V previous);

  @Override
  default V compute(Evaluation evaluation) {
    return read(null);
  }
}
