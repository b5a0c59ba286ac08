package dev.athanor.engine.starlark.value;

/// A value whose attributes can be assigned, `x.name = value`.
public interface HasSettableFields extends HasFields {
  void setField(String name, Object value) throws EvalError;
}
