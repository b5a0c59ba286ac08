package dev.athanor.engine.starlark.eval;

import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.starlark.value.Activation;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.StarlarkThread;
import org.jspecify.annotations.Nullable;

/// The state of one active call.
final class Frame implements Activation {
  final StarlarkThread thread;
  final FunctionCode code;

  /// Parameters and other local variables; null while they have no value.
  final @Nullable Object[] locals;

  final @Nullable Object[] globals;
  final Cell[] free;

  /// The offset of what is being evaluated: set by every operation that may fail or call.
  int position;

  Object result = None.NONE;

  Frame(
      StarlarkThread thread,
      FunctionCode code,
      @Nullable Object[] locals,
      @Nullable Object[] globals,
      Cell[] free) {
    this.thread = thread;
    this.code = code;
    this.locals = locals;
    this.globals = globals;
    this.free = free;
    this.position = code.position();
  }

  @Override
  public String functionName() {
    return code.name();
  }

  @Override
  public Object declaration() {
    return code;
  }

  @Override
  public Source source() {
    return code.source();
  }

  @Override
  public int depth() {
    return code.depth();
  }

  @Override
  public int position() {
    return position;
  }
}
