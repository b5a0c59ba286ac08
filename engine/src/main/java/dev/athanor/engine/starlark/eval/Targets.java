package dev.athanor.engine.starlark.eval;

import dev.athanor.engine.starlark.lib.Attributes;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Indexing;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkIterable;

/// What can stand to the left of `=`, besides variables.
@SuppressWarnings("ArrayRecordComponent") // never compared, and the arrays never leave
final class Targets {
  private Targets() {}

  record Index(Code object, Code key, int position) implements Target {
    @Override
    public void assign(Frame frame, Object value) throws EvalError, InterruptedException {
      Object container = object.eval(frame);
      Object at = key.eval(frame);
      frame.position = position;
      frame.thread.allocate(64);
      Indexing.set(container, at, value);
    }
  }

  record Field(Code object, String field, int position) implements Target {
    @Override
    public void assign(Frame frame, Object value) throws EvalError, InterruptedException {
      Object holder = object.eval(frame);
      frame.position = position;
      Attributes.set(holder, field, value);
    }
  }

  /// A list or tuple of targets, which takes a value apart.
  record Unpack(Target[] targets, int position) implements Target {
    @Override
    public void assign(Frame frame, Object value) throws EvalError, InterruptedException {
      frame.position = position;
      if (!(value instanceof StarlarkIterable)) {
        throw new EvalError(
            "'"
                + Starlark.type(value)
                + "' value cannot be unpacked into "
                + targets.length
                + " variables");
      }
      Object[] elements = Starlark.toArray(value);
      if (elements.length != targets.length) {
        throw new EvalError(
            "too "
                + (elements.length < targets.length ? "few" : "many")
                + " values to unpack: got "
                + elements.length
                + ", want "
                + targets.length);
      }
      for (int i = 0; i < elements.length; i++) {
        targets[i].assign(frame, elements[i]);
      }
    }
  }
}
