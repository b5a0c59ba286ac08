package dev.athanor.engine.starlark.eval;

import org.jspecify.annotations.Nullable;

/// A local variable that inner functions share.
final class Cell {
  @Nullable Object value;

  Cell(@Nullable Object value) {
    this.value = value;
  }
}
