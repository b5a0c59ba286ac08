package dev.athanor.engine.starlark.eval;

import dev.athanor.engine.starlark.value.EvalError;

/// Reading and writing variables.
final class Variables {
  private Variables() {}

  /// A literal, or a predeclared name.
  record Constant(Object value) implements Code {
    @Override
    public Object eval(Frame frame) {
      return value;
    }
  }

  record Local(int slot, String name, int position) implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError {
      Object value = frame.locals[slot];
      if (value == null) {
        throw unassigned(frame, "local", name, position);
      }
      return value;
    }
  }

  record Boxed(int slot, String name, int position) implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError {
      Object value = cell(frame, slot).value;
      if (value == null) {
        throw unassigned(frame, "local", name, position);
      }
      return value;
    }
  }

  record Free(int index, String name, int position) implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError {
      Object value = frame.free[index].value;
      if (value == null) {
        throw unassigned(frame, "local", name, position);
      }
      return value;
    }
  }

  record Global(int slot, String name, int position) implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError {
      Object value = frame.globals[slot];
      if (value == null) {
        throw unassigned(frame, "global", name, position);
      }
      return value;
    }
  }

  record SetLocal(int slot) implements Target {
    @Override
    public void assign(Frame frame, Object value) {
      frame.locals[slot] = value;
    }
  }

  record SetBoxed(int slot) implements Target {
    @Override
    public void assign(Frame frame, Object value) {
      cell(frame, slot).value = value;
    }
  }

  record SetGlobal(int slot) implements Target {
    @Override
    public void assign(Frame frame, Object value) {
      frame.globals[slot] = value;
    }
  }

  static Cell cell(Frame frame, int slot) {
    Object cell = frame.locals[slot];
    if (cell == null) {
      throw new IllegalStateException("no cell in slot " + slot);
    }
    return (Cell) cell;
  }

  private static EvalError unassigned(Frame frame, String kind, String name, int position) {
    frame.position = position;
    return new EvalError(kind + " variable '" + name + "' is used before it is assigned");
  }
}
