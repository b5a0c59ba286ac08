package dev.athanor.engine.starlark.eval;

import dev.athanor.engine.starlark.value.EvalError;

/// An expression, ready to be evaluated.
interface Code {
  Object eval(Frame frame) throws EvalError, InterruptedException;
}
