package dev.athanor.engine.starlark.value;

/// A value that a loop can run over.
public interface StarlarkIterable extends Value, Iterable<Object> {
  /// Forbids changes until [#endIteration]; calls nest. Immutable values need not care.
  default void beginIteration() {}

  default void endIteration() {}
}
