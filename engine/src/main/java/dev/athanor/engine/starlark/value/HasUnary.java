package dev.athanor.engine.starlark.value;

import dev.athanor.engine.starlark.syntax.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A value that `+`, `-` or `~` can stand before.
public interface HasUnary extends Value {
  /// The result, or null if this value does not support the operation.
  @Nullable Object unary(UnaryOperator operator) throws EvalError;
}
