package dev.athanor.engine.starlark.value;

/// A value whose elements can be assigned, `x[key] = value`.
public interface SettableIndex extends Value {
  void setIndex(Object key, Object value) throws EvalError;
}
