package dev.athanor.engine.starlark.eval;

import dev.athanor.engine.starlark.value.Dict;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Range;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkIterable;
import dev.athanor.engine.starlark.value.StarlarkList;

/// `for` loops and comprehensions, which are loops that fill a collection.
@SuppressWarnings("ArrayRecordComponent") // never compared, and the arrays never leave
final class Loops {
  private Loops() {}

  record For(Target target, Code iterable, Step body, int position) implements Step {
    @Override
    public Signal exec(Frame frame) throws EvalError, InterruptedException {
      Object elements = iterable.eval(frame);
      if (elements instanceof Range range) {
        return overRange(frame, range);
      }
      frame.position = position;
      StarlarkIterable iteration = Starlark.iterable(elements);
      iteration.beginIteration();
      try {
        for (Object element : iteration) {
          Signal signal = iterate(frame, element);
          if (signal != Signal.NEXT) {
            return signal == Signal.RETURN ? signal : Signal.NEXT;
          }
        }
      } finally {
        iteration.endIteration();
      }
      return Signal.NEXT;
    }

    private Signal overRange(Frame frame, Range range) throws EvalError, InterruptedException {
      int size = range.size();
      long element = range.start();
      for (int i = 0; i < size; i++) {
        Signal signal = iterate(frame, element);
        if (signal != Signal.NEXT) {
          return signal == Signal.RETURN ? signal : Signal.NEXT;
        }
        element += range.step();
      }
      return Signal.NEXT;
    }

    /// Runs the body once; anything but [Signal#NEXT] ends the loop.
    private Signal iterate(Frame frame, Object element) throws EvalError, InterruptedException {
      frame.thread.step();
      frame.position = position;
      target.assign(frame, element);
      Signal signal = body.exec(frame);
      return signal == Signal.CONTINUE ? Signal.NEXT : signal;
    }
  }

  /// A comprehension: the loops put their results into a collection that waits in a slot.
  record Comprehension(boolean isDict, Step loops, int slot, int[] cells) implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError, InterruptedException {
      for (int cell : cells) {
        frame.locals[cell] = new Cell(null);
      }
      var mutability = frame.thread.mutability();
      Object result = isDict ? Dict.create(mutability) : StarlarkList.create(mutability);
      Object outer = frame.locals[slot];
      frame.locals[slot] = result;
      loops.exec(frame);
      frame.locals[slot] = outer;
      return result;
    }
  }

  /// The body of a list comprehension.
  record Append(Code value, int slot, int position) implements Step {
    @Override
    public Signal exec(Frame frame) throws EvalError, InterruptedException {
      Object element = value.eval(frame);
      frame.position = position;
      frame.thread.allocate(48);
      if (frame.locals[slot] instanceof StarlarkList list) {
        list.add(element);
      }
      return Signal.NEXT;
    }
  }

  /// The body of a dict comprehension.
  record Put(Code key, Code value, int slot, int position) implements Step {
    @Override
    public Signal exec(Frame frame) throws EvalError, InterruptedException {
      Object at = key.eval(frame);
      Object element = value.eval(frame);
      frame.position = position;
      frame.thread.allocate(96);
      if (frame.locals[slot] instanceof Dict dict) {
        dict.put(at, element);
      }
      return Signal.NEXT;
    }
  }
}
