package dev.athanor.engine.starlark.value;

import dev.athanor.engine.starlark.syntax.BinaryOperator;
import java.math.BigInteger;

/// The order of values: `<` and its kin, `sorted`, `min` and `max`.
public final class Ordering {
  private static final int MAX_DEPTH = 200;

  private Ordering() {}

  /// Negative, zero or positive.
  ///
  /// @throws EvalError if the values have no order
  public static int compare(Object x, Object y) throws EvalError {
    return compare(x, y, 0);
  }

  private static int compare(Object x, Object y, int depth) throws EvalError {
    if (depth > MAX_DEPTH) {
      throw new EvalError("these values are too deeply nested to compare");
    }
    if (x instanceof String a && y instanceof String b) {
      return a.compareTo(b);
    }
    if (isNumber(x) && isNumber(y)) {
      return Floats.compare(x, y);
    }
    if (x instanceof Boolean a && y instanceof Boolean b) {
      return Boolean.compare(a, b);
    }
    if (x instanceof Tuple a && y instanceof Tuple b) {
      return compareSequences(a, b, depth);
    }
    if (x instanceof StarlarkList a && y instanceof StarlarkList b) {
      return compareSequences(a, b, depth);
    }
    if (x instanceof Ordered a && y instanceof Ordered b && a.type().equals(b.type())) {
      return a.compare(b);
    }
    throw Operators.unsupported(BinaryOperator.LESS, x, y);
  }

  private static boolean isNumber(Object x) {
    return x instanceof Long || x instanceof Double || x instanceof BigInteger;
  }

  /// The first elements that differ decide, then the lengths.
  private static int compareSequences(Sequence a, Sequence b, int depth) throws EvalError {
    int common = Math.min(a.size(), b.size());
    for (int i = 0; i < common; i++) {
      Object x = a.get(i);
      Object y = b.get(i);
      if (!Equality.equal(x, y)) {
        return compare(x, y, depth + 1);
      }
    }
    return Integer.compare(a.size(), b.size());
  }
}
