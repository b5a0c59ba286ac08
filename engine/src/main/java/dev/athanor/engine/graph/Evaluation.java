package dev.athanor.engine.graph;

import java.util.List;

/// What a computation asks for other values.
public interface Evaluation {
  /// The value of `key`, computed now if nobody has yet.
  ///
  /// @throws CycleException when `key` needs the very value that is being computed
  /// @throws dev.athanor.engine.UserException when its computation failed
  <V> V get(Key<V> key) throws InterruptedException;

  /// The values of several keys, computed side by side, in the order of the keys. When several
  /// fail, the first one's failure is thrown.
  <V> List<V> getAll(List<? extends Key<V>> keys) throws InterruptedException;
}
