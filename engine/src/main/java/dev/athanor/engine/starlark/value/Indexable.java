package dev.athanor.engine.starlark.value;

/// A value that can be indexed by keys, `x[key]`, and tested for them, `key in x`.
public interface Indexable extends Value {
  Object index(Object key) throws EvalError;

  boolean contains(Object key) throws EvalError;
}
