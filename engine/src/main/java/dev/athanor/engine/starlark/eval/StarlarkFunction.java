package dev.athanor.engine.starlark.eval;

import dev.athanor.engine.starlark.value.Arguments;
import dev.athanor.engine.starlark.value.Callable;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Printer;
import dev.athanor.engine.starlark.value.Signature;
import dev.athanor.engine.starlark.value.StarlarkThread;
import org.jspecify.annotations.Nullable;

/// A function that was defined in Starlark.
public final class StarlarkFunction implements Callable {
  private final FunctionCode code;
  private final Signature signature;
  private final @Nullable Object[] globals;
  private final Cell[] free;

  StarlarkFunction(
      FunctionCode code, Signature signature, @Nullable Object[] globals, Cell[] free) {
    this.code = code;
    this.signature = signature;
    this.globals = globals;
    this.free = free;
  }

  @Override
  public String name() {
    return code.name();
  }

  @Override
  public Object call(StarlarkThread thread, Arguments arguments)
      throws EvalError, InterruptedException {
    @Nullable Object[] locals = new Object[code.frameSize()];
    signature.bind(code.name(), arguments, thread.mutability(), locals);
    return code.run(thread, locals, globals, free);
  }

  @Override
  public void repr(Printer printer) {
    printer.append("<function ").append(code.name()).append(">");
  }
}
