package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Sized;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkThread;

/// Taking snapshots of iterables, within the limits of the thread.
final class Elements {
  private Elements() {}

  static Object[] toArray(StarlarkThread thread, Object x) throws EvalError {
    if (x instanceof Sized sized) {
      thread.allocate(sized.size(), 8);
    }
    return Starlark.toArray(x);
  }
}
