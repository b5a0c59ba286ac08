package dev.athanor.engine.starlark.eval;

import dev.athanor.engine.starlark.value.EvalError;

/// A statement, ready to be executed.
interface Step {
  /// How a statement ended; the value of a return is in [Frame#result].
  enum Signal {
    NEXT,
    BREAK,
    CONTINUE,
    RETURN
  }

  Signal exec(Frame frame) throws EvalError, InterruptedException;
}
