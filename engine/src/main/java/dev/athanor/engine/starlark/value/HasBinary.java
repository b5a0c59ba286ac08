package dev.athanor.engine.starlark.value;

import dev.athanor.engine.starlark.syntax.BinaryOperator;
import org.jspecify.annotations.Nullable;

/// A value that takes part in operations such as `+` and `|`; not in comparisons.
public interface HasBinary extends Value {
  /// The result, or null if this value does not support the operation with that operand.
  ///
  /// @param left whether this value is the left operand; the left one is asked first
  @Nullable Object binary(BinaryOperator operator, Object that, boolean left) throws EvalError;
}
