package dev.athanor.engine.starlark.eval;

import dev.athanor.engine.starlark.syntax.Binding;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Signature;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Making functions.
@SuppressWarnings("ArrayRecordComponent") // never compared, and the arrays never leave
final class Functions {
  private Functions() {}

  /// A `def` or `lambda`: evaluates the defaults and captures the variables of outer functions.
  ///
  /// @param defaults by parameter; null for the mandatory ones
  /// @param captured the variables of the enclosing function, which is the one that runs this
  record Define(
      FunctionCode code,
      @Nullable Code[] defaults,
      @Nullable Signature fixed,
      List<Binding> captured)
      implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError, InterruptedException {
      frame.thread.allocate(64);
      Signature signature = fixed;
      if (signature == null) {
        @Nullable Object[] values = new Object[defaults.length];
        for (int i = 0; i < defaults.length; i++) {
          Code value = defaults[i];
          values[i] = value == null ? null : value.eval(frame);
        }
        signature = Signature.of(code.parameters(), values);
      }
      Cell[] free = new Cell[captured.size()];
      for (int i = 0; i < free.length; i++) {
        Binding binding = captured.get(i);
        free[i] =
            binding.scope() == Binding.Scope.FREE
                ? frame.free[binding.index()]
                : Variables.cell(frame, binding.index());
      }
      return new StarlarkFunction(code, signature, frame.globals, free);
    }
  }
}
