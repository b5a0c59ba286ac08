package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Sized;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkList;
import dev.athanor.engine.starlark.value.StarlarkThread;
import dev.athanor.engine.starlark.value.Tuple;

/// Taking snapshots of iterables, within the limits of the thread.
final class Elements {
  private Elements() {}

  static Object[] toArray(StarlarkThread thread, Object x) throws EvalError {
    if (x instanceof Sized sized) {
      // Other iterables make their elements on the way.
      thread.allocate(sized.size(), x instanceof StarlarkList || x instanceof Tuple ? 8 : 56);
    }
    return Starlark.toArray(x);
  }
}
