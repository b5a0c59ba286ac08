package dev.athanor.engine.starlark.value;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// The numbers from `start` on, `step` apart, that lie before `stop`. Takes no memory for them.
public final class Range implements Sequence, Indexable {
  private final long start;
  private final long stop;
  private final long step;
  private final int size;

  private Range(long start, long stop, long step, int size) {
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.size = size;
  }

  public static Range of(long start, long stop, long step) throws EvalError {
    if (step == 0) {
      throw new EvalError("the step of a range cannot be zero");
    }
    BigInteger distance = BigInteger.valueOf(stop).subtract(BigInteger.valueOf(start));
    if (distance.signum() != Long.signum(step)) {
      return new Range(start, stop, step, 0);
    }
    BigInteger[] steps = distance.divideAndRemainder(BigInteger.valueOf(step));
    BigInteger size = steps[1].signum() == 0 ? steps[0] : steps[0].add(BigInteger.ONE);
    if (size.bitLength() > 31) {
      throw new EvalError("a range of " + size + " elements is too long");
    }
    return new Range(start, stop, step, size.intValue());
  }

  public long start() {
    return start;
  }

  public long step() {
    return step;
  }

  @Override
  public String type() {
    return "range";
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Object get(int index) {
    return start + index * step;
  }

  @Override
  public Object index(Object key) throws EvalError {
    return get(Indexing.index(key, size, "range"));
  }

  @Override
  public boolean contains(Object key) throws EvalError {
    if (key instanceof Double d && d == Math.rint(d) && !Double.isInfinite(d)) {
      return contains(Floats.truncate(d));
    }
    if (!(key instanceof Long n)) {
      if (key instanceof Double || key instanceof BigInteger) {
        return false;
      }
      throw new EvalError(
          "'in <range>' needs a number as left operand, not '" + Starlark.type(key) + "'");
    }
    long last = start + (size - 1) * step;
    return size > 0
        && n >= Math.min(start, last)
        && n <= Math.max(start, last)
        && Long.remainderUnsigned(step > 0 ? n - start : start - n, Math.abs(step)) == 0;
  }

  @Override
  public Object slice(int from, int count, int stride, Mutability mutability) {
    long newStep = step * stride;
    long newStart = start + from * step;
    return new Range(newStart, newStart + count * newStep, newStep, count);
  }

  @Override
  public boolean isHashable() {
    return false;
  }

  @Override
  public void repr(Printer printer) {
    printer.append("range(");
    if (start != 0 || step != 1) {
      printer.append(Long.toString(start)).append(", ");
    }
    printer.append(Long.toString(stop));
    if (step != 1) {
      printer.append(", ").append(Long.toString(step));
    }
    printer.append(")");
  }

  /// Ranges of the same numbers are equal.
  @Override
  public boolean equals(@Nullable Object that) {
    return that instanceof Range range
        && size == range.size
        && (size == 0 || start == range.start)
        && (size <= 1 || step == range.step);
  }

  @Override
  public int hashCode() {
    return size == 0 ? 0 : Long.hashCode(start) * 31 + size;
  }
}
