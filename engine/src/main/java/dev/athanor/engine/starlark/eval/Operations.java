package dev.athanor.engine.starlark.eval;

import dev.athanor.engine.starlark.lib.Attributes;
import dev.athanor.engine.starlark.syntax.BinaryOperator;
import dev.athanor.engine.starlark.syntax.UnaryOperator;
import dev.athanor.engine.starlark.value.Dict;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Indexing;
import dev.athanor.engine.starlark.value.Operators;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkList;
import dev.athanor.engine.starlark.value.Tuple;

/// Operators, displays and selections.
@SuppressWarnings("ArrayRecordComponent") // never compared, and the arrays never leave
final class Operations {
  private Operations() {}

  /// `x + y`, with a short way for small ints.
  record Add(Code x, Code y, int position) implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError, InterruptedException {
      Object left = x.eval(frame);
      Object right = y.eval(frame);
      if (left instanceof Long a && right instanceof Long b) {
        long sum = a + b;
        if (((a ^ sum) & (b ^ sum)) >= 0) {
          return sum;
        }
      }
      frame.position = position;
      return Operators.binary(frame.thread, BinaryOperator.ADD, left, right);
    }
  }

  /// A comparison by order, with a short way for small ints.
  record Compare(BinaryOperator operator, Code x, Code y, int position) implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError, InterruptedException {
      Object left = x.eval(frame);
      Object right = y.eval(frame);
      if (left instanceof Long m && right instanceof Long n) {
        long a = m;
        long b = n;
        return switch (operator) {
          case LESS -> a < b;
          case LESS_EQUAL -> a <= b;
          case GREATER -> a > b;
          default -> a >= b;
        };
      }
      frame.position = position;
      return Operators.binary(frame.thread, operator, left, right);
    }
  }

  record Binary(BinaryOperator operator, Code x, Code y, int position) implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError, InterruptedException {
      Object left = x.eval(frame);
      Object right = y.eval(frame);
      frame.position = position;
      return Operators.binary(frame.thread, operator, left, right);
    }
  }

  record Or(Code x, Code y) implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError, InterruptedException {
      Object left = x.eval(frame);
      return Starlark.truth(left) ? left : y.eval(frame);
    }
  }

  record And(Code x, Code y) implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError, InterruptedException {
      Object left = x.eval(frame);
      return Starlark.truth(left) ? y.eval(frame) : left;
    }
  }

  record Unary(UnaryOperator operator, Code x, int position) implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError, InterruptedException {
      Object value = x.eval(frame);
      frame.position = position;
      return Operators.unary(operator, value);
    }
  }

  record Conditional(Code condition, Code then, Code otherwise) implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError, InterruptedException {
      return Starlark.truth(condition.eval(frame)) ? then.eval(frame) : otherwise.eval(frame);
    }
  }

  record ListDisplay(Code[] elements, int position) implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError, InterruptedException {
      Object[] values = evalAll(elements, frame);
      frame.position = position;
      frame.thread.allocate(values.length, 8);
      return StarlarkList.wrap(frame.thread.mutability(), values);
    }
  }

  record TupleDisplay(Code[] elements, int position) implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError, InterruptedException {
      Object[] values = evalAll(elements, frame);
      frame.position = position;
      frame.thread.allocate(values.length, 8);
      return Tuple.wrap(values);
    }
  }

  record DictDisplay(Code[] keys, Code[] values, int[] positions, int position) implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError, InterruptedException {
      Dict dict = Dict.create(frame.thread.mutability());
      for (int i = 0; i < keys.length; i++) {
        Object key = keys[i].eval(frame);
        Object value = values[i].eval(frame);
        frame.position = positions[i];
        if (!dict.put(key, value)) {
          throw new EvalError("key " + Starlark.repr(key) + " occurs twice");
        }
      }
      frame.position = position;
      frame.thread.allocate(keys.length, 32);
      return dict;
    }
  }

  record Dot(Code object, String field, int position) implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError, InterruptedException {
      Object value = object.eval(frame);
      frame.position = position;
      return Attributes.get(value, field);
    }
  }

  record Index(Code object, Code key, int position) implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError, InterruptedException {
      Object value = object.eval(frame);
      Object at = key.eval(frame);
      frame.position = position;
      return Indexing.get(value, at);
    }
  }

  record Slice(Code object, Code from, Code stop, Code step, int position) implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError, InterruptedException {
      Object value = object.eval(frame);
      Object first = from.eval(frame);
      Object end = stop.eval(frame);
      Object stride = step.eval(frame);
      frame.position = position;
      return Indexing.slice(frame.thread, value, first, end, stride);
    }
  }

  static Object[] evalAll(Code[] codes, Frame frame) throws EvalError, InterruptedException {
    Object[] values = new Object[codes.length];
    for (int i = 0; i < codes.length; i++) {
      values[i] = codes[i].eval(frame);
    }
    return values;
  }
}
