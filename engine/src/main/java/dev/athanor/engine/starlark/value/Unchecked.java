package dev.athanor.engine.starlark.value;

import org.jspecify.annotations.Nullable;

/// Equality and hashing for Java, whose methods cannot fail with an [EvalError].
final class Unchecked {
  private Unchecked() {}

  static boolean equal(Object x, @Nullable Object y) {
    try {
      return y instanceof Value && Equality.equal(x, y);
    } catch (EvalError e) {
      throw new IllegalStateException(e);
    }
  }

  static int hash(Object x) {
    try {
      return Equality.hash(x);
    } catch (EvalError e) {
      throw new IllegalStateException(e);
    }
  }
}
