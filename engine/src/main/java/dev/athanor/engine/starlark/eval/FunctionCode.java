package dev.athanor.engine.starlark.eval;

import dev.athanor.engine.starlark.syntax.Parameter;
import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.StarlarkThread;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The compiled form of one `def` or `lambda`, or of the top level of a file.
///
/// @param frameSize how many slots a frame has: variables, then the results of comprehensions
/// @param depth how deeply the body is nested
/// @param cells the slots whose variables inner functions share
@SuppressWarnings("ArrayRecordComponent") // compared by identity
record FunctionCode(
    String name,
    Source source,
    int position,
    List<Parameter> parameters,
    int frameSize,
    int[] cells,
    int depth,
    Step body) {

  /// Runs the code in a new frame, whose first slots hold the arguments.
  Object run(
      StarlarkThread thread, @Nullable Object[] locals, @Nullable Object[] globals, Cell[] free)
      throws EvalError, InterruptedException {
    for (int cell : cells) {
      locals[cell] = new Cell(locals[cell]);
    }
    Frame frame = new Frame(thread, this, locals, globals, free);
    thread.enter(frame);
    try {
      body.exec(frame);
      return frame.result;
    } catch (EvalError e) {
      throw e.attach(thread.callStack());
    } finally {
      thread.exit();
    }
  }

  /// Functions are equal only to themselves.
  @Override
  public boolean equals(@Nullable Object that) {
    return this == that;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
