package dev.athanor.engine.starlark.value;

/// A value that `<` and `sorted` can compare with values of its own type.
public interface Ordered extends Value {
  /// Negative, zero or positive; `that` has the same type as this value.
  int compare(Object that) throws EvalError;
}
