package dev.athanor.engine.starlark.value;

/// A value that has a length.
public interface Sized extends Value {
  int size();

  @Override
  default boolean truth() {
    return size() != 0;
  }
}
