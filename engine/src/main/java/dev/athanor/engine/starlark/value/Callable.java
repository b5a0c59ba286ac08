package dev.athanor.engine.starlark.value;

/// A value that can be called.
public interface Callable extends Value {
  /// The name that messages and call stacks show.
  String name();

  /// Use [StarlarkThread#call] rather than this method.
  Object call(StarlarkThread thread, Arguments arguments) throws EvalError, InterruptedException;

  @Override
  default String type() {
    return "function";
  }
}
