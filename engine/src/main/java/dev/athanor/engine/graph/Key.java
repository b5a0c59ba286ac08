package dev.athanor.engine.graph;

/// Names a value and knows how to compute it: a record, equal to every other key of the same value.
///
/// @param <V> the type of the value; values are immutable
public interface Key<V> {
  /// Computes the value. Asks `evaluation` for whatever it needs, and simply blocks until that is
  /// there.
  ///
  /// @throws dev.athanor.engine.UserException remembered as the outcome, like a value
  V compute(Evaluation evaluation) throws InterruptedException;

  /// For people, in the report of a cycle.
  @Override
  String toString();
}
