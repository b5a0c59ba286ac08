package dev.athanor.engine.starlark.value;

import dev.athanor.engine.starlark.syntax.BinaryOperator;
import dev.athanor.engine.starlark.syntax.UnaryOperator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The operators of the language, except `and`, `or` and `not`, on any values.
public final class Operators {
  private Operators() {}

  public static Object binary(StarlarkThread thread, BinaryOperator operator, Object x, Object y)
      throws EvalError, InterruptedException {
    return switch (operator) {
      case EQUAL -> Equality.equal(thread, x, y);
      case NOT_EQUAL -> !Equality.equal(thread, x, y);
      case LESS -> compare(thread, operator, x, y) < 0;
      case LESS_EQUAL -> compare(thread, operator, x, y) <= 0;
      case GREATER -> compare(thread, operator, x, y) > 0;
      case GREATER_EQUAL -> compare(thread, operator, x, y) >= 0;
      case IN -> Starlark.contains(thread, y, x);
      case NOT_IN -> !Starlark.contains(thread, y, x);
      default -> arithmetic(thread, operator, x, y);
    };
  }

  private static int compare(StarlarkThread thread, BinaryOperator operator, Object x, Object y)
      throws EvalError, InterruptedException {
    thread.work(Math.max(0, Starlark.size(x)) >> 4);
    if (!(x instanceof Ordered) && !Starlark.type(x).equals(Starlark.type(y)) && !numbers(x, y)) {
      throw unsupported(operator, x, y);
    }
    return Ordering.compare(x, y);
  }

  private static Object arithmetic(
      StarlarkThread thread, BinaryOperator operator, Object x, Object y)
      throws EvalError, InterruptedException {
    Object result = null;
    if (Ints.isInt(x) && Ints.isInt(y)) {
      thread.work(Ints.work(x, y));
      result = ints(operator, x, y);
    } else if (numbers(x, y)) {
      result = floats(operator, Floats.of(x), Floats.of(y));
    } else if (operator == BinaryOperator.ADD) {
      result = concat(thread, x, y);
    } else if (operator == BinaryOperator.MULTIPLY) {
      result = Ints.isInt(y) ? repeat(thread, x, y) : Ints.isInt(x) ? repeat(thread, y, x) : null;
    } else if (operator == BinaryOperator.MODULO && x instanceof String format) {
      result = PercentFormat.format(thread, format, y);
    } else if (x instanceof Dict a && y instanceof Dict b && operator == BinaryOperator.BIT_OR) {
      thread.allocate((long) a.size() + b.size(), 32);
      Dict union = a.copy(thread.mutability());
      union.putAll(b);
      result = union;
    } else if (x instanceof StarlarkSet a && y instanceof StarlarkSet b) {
      result = sets(thread, operator, a, b);
    }
    return result != null ? result : host(operator, x, y);
  }

  private static boolean numbers(Object x, Object y) {
    return (x instanceof Double || Ints.isInt(x)) && (y instanceof Double || Ints.isInt(y));
  }

  private static @Nullable Object ints(BinaryOperator operator, Object x, Object y)
      throws EvalError {
    return switch (operator) {
      case ADD -> Ints.add(x, y);
      case SUBTRACT -> Ints.subtract(x, y);
      case MULTIPLY -> Ints.multiply(x, y);
      case DIVIDE -> Floats.divide(Floats.of(x), Floats.of(y));
      case FLOOR_DIVIDE -> Ints.floorDivide(x, y);
      case MODULO -> Ints.modulo(x, y);
      case BIT_AND -> Ints.and(x, y);
      case BIT_OR -> Ints.or(x, y);
      case BIT_XOR -> Ints.xor(x, y);
      case SHIFT_LEFT -> Ints.shiftLeft(x, y);
      case SHIFT_RIGHT -> Ints.shiftRight(x, y);
      default -> null;
    };
  }

  private static @Nullable Object floats(BinaryOperator operator, double x, double y)
      throws EvalError {
    return switch (operator) {
      case ADD -> x + y;
      case SUBTRACT -> x - y;
      case MULTIPLY -> x * y;
      case DIVIDE -> Floats.divide(x, y);
      case FLOOR_DIVIDE -> Floats.floorDivide(x, y);
      case MODULO -> Floats.modulo(x, y);
      default -> null;
    };
  }

  private static @Nullable Object concat(StarlarkThread thread, Object x, Object y)
      throws EvalError {
    if (x instanceof String a && y instanceof String b) {
      thread.allocate((long) a.length() + b.length(), 1);
      return a.concat(b);
    }
    if (x instanceof StarlarkList a && y instanceof StarlarkList b) {
      thread.allocate((long) a.size() + b.size(), 8);
      Object[] result = Arrays.copyOf(a.toArray(), a.size() + b.size());
      System.arraycopy(b.toArray(), 0, result, a.size(), b.size());
      return StarlarkList.wrap(thread.mutability(), result);
    }
    if (x instanceof Tuple a && y instanceof Tuple b) {
      thread.allocate((long) a.size() + b.size(), 8);
      return Tuple.concat(a, b);
    }
    if (x instanceof Bytes a && y instanceof Bytes b) {
      thread.allocate((long) a.size() + b.size(), 1);
      return Bytes.concat(a, b);
    }
    return null;
  }

  private static @Nullable Object repeat(StarlarkThread thread, Object x, Object times)
      throws EvalError {
    if (!(x instanceof String
        || x instanceof StarlarkList
        || x instanceof Tuple
        || x instanceof Bytes)) {
      return null;
    }
    int size = Starlark.size(x);
    int count = Ints.signum(times) < 0 || size == 0 ? 0 : Ints.clamp(times);
    thread.allocate((long) size * count, x instanceof Sequence ? 8 : 1);
    return switch (x) {
      case String s -> s.repeat(count);
      case Bytes bytes -> Bytes.latin1(bytes.latin1().repeat(count));
      case Tuple tuple -> Tuple.wrap(repeat(tuple.toArray(), count));
      default ->
          StarlarkList.wrap(thread.mutability(), repeat(((StarlarkList) x).toArray(), count));
    };
  }

  private static Object[] repeat(Object[] elements, int count) {
    Object[] result = new Object[elements.length * count];
    for (int i = 0; i < count; i++) {
      System.arraycopy(elements, 0, result, i * elements.length, elements.length);
    }
    return result;
  }

  private static @Nullable Object sets(
      StarlarkThread thread, BinaryOperator operator, StarlarkSet a, StarlarkSet b)
      throws EvalError {
    thread.allocate((long) a.size() + b.size(), 32);
    StarlarkSet result = a.copy(thread.mutability());
    return updateSet(operator, result, b) ? result : null;
  }

  private static boolean updateSet(BinaryOperator operator, StarlarkSet a, StarlarkSet b)
      throws EvalError {
    switch (operator) {
      case BIT_OR -> a.addAll(b);
      case BIT_AND -> a.retainAll(b);
      case BIT_XOR -> a.toggleAll(b);
      case SUBTRACT -> a.removeAll(b);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static Object host(BinaryOperator operator, Object x, Object y) throws EvalError {
    if (x instanceof HasBinary left) {
      Object result = left.binary(operator, y, true);
      if (result != null) {
        return result;
      }
    }
    if (y instanceof HasBinary right) {
      Object result = right.binary(operator, x, false);
      if (result != null) {
        return result;
      }
    }
    throw unsupported(operator, x, y);
  }

  /// `x op= y`: lists, dicts and sets change in place.
  public static Object augment(StarlarkThread thread, BinaryOperator operator, Object x, Object y)
      throws EvalError, InterruptedException {
    if (x instanceof StarlarkList list
        && operator == BinaryOperator.ADD
        && y instanceof StarlarkIterable) {
      Object[] added = Starlark.toArray(y);
      thread.allocate(added.length, 8);
      list.addAll(added);
      return list;
    }
    if (x instanceof Dict a && y instanceof Dict b && operator == BinaryOperator.BIT_OR) {
      thread.allocate(b.size(), 32);
      a.putAll(b);
      return a;
    }
    if (x instanceof StarlarkSet a && y instanceof StarlarkSet b) {
      thread.allocate(b.size(), 32);
      if (updateSet(operator, a, b)) {
        return a;
      }
    }
    return binary(thread, operator, x, y);
  }

  public static Object unary(UnaryOperator operator, Object x) throws EvalError {
    if (operator == UnaryOperator.NOT) {
      return !Starlark.truth(x);
    }
    if (Ints.isInt(x)) {
      return switch (operator) {
        case PLUS -> x;
        case MINUS -> Ints.negate(x);
        default -> Ints.invert(x);
      };
    }
    if (x instanceof Double d && operator != UnaryOperator.INVERT) {
      return operator == UnaryOperator.MINUS ? (Object) (-d) : x;
    }
    Object result = x instanceof HasUnary host ? host.unary(operator) : null;
    if (result == null) {
      throw new EvalError("unsupported operation: " + operator + Starlark.type(x));
    }
    return result;
  }

  static EvalError unsupported(BinaryOperator operator, Object x, Object y) {
    String hint =
        operator == BinaryOperator.ADD && x instanceof String != y instanceof String
            ? " (use str(...) to make a string)"
            : "";
    return new EvalError(
        "unsupported operation: "
            + Starlark.type(x)
            + " "
            + operator
            + " "
            + Starlark.type(y)
            + hint);
  }
}
