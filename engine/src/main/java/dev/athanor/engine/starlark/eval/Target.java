package dev.athanor.engine.starlark.eval;

import dev.athanor.engine.starlark.value.EvalError;

/// Something that can be assigned.
interface Target {
  void assign(Frame frame, Object value) throws EvalError, InterruptedException;
}
