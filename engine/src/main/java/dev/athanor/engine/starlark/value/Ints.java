package dev.athanor.engine.starlark.value;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// Arithmetic on integers: a [Long] where the value fits, else a [BigInteger].
public final class Ints {
  /// Integers of more bits are refused: they only come from runaway programs.
  private static final int MAX_BITS = 1 << 16;

  private Ints() {}

  /// The integer in its canonical representation.
  public static Object of(BigInteger n) {
    return n.bitLength() < 64 ? (Object) n.longValue() : n;
  }

  static boolean isInt(Object x) {
    return x instanceof Long || x instanceof BigInteger;
  }

  static BigInteger big(Object x) {
    return x instanceof Long n ? BigInteger.valueOf(n) : (BigInteger) x;
  }

  /// The integer as a Java int, or null if `x` is no integer or does not fit.
  public static @Nullable Integer toInt(Object x) {
    return x instanceof Long n && n == n.intValue() ? (Integer) n.intValue() : null;
  }

  /// The integer as a Java int, with values out of range brought to the nearest one.
  public static int clamp(Object x) {
    if (x instanceof Long n) {
      return Math.clamp(n, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    return big(x).signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
  }

  public static Object add(Object x, Object y) throws EvalError {
    if (x instanceof Long a && y instanceof Long b) {
      long sum = a + b;
      if (((a ^ sum) & (b ^ sum)) >= 0) {
        return sum;
      }
    }
    return checked(big(x).add(big(y)));
  }

  public static Object subtract(Object x, Object y) throws EvalError {
    if (x instanceof Long a && y instanceof Long b) {
      long difference = a - b;
      if (((a ^ b) & (a ^ difference)) >= 0) {
        return difference;
      }
    }
    return checked(big(x).subtract(big(y)));
  }

  public static Object multiply(Object x, Object y) throws EvalError {
    if (x instanceof Long a && y instanceof Long b) {
      long high = Math.multiplyHigh(a, b);
      long low = a * b;
      if (high == low >> 63) {
        return low;
      }
    }
    BigInteger a = big(x);
    BigInteger b = big(y);
    if (a.bitLength() + b.bitLength() > MAX_BITS) {
      throw tooLarge();
    }
    return checked(a.multiply(b));
  }

  public static Object floorDivide(Object x, Object y) throws EvalError {
    if (x instanceof Long a && y instanceof Long b && b != 0 && b != -1) {
      return Math.floorDiv(a, b);
    }
    BigInteger divisor = nonZero(y);
    BigInteger[] result = big(x).divideAndRemainder(divisor);
    boolean down = result[1].signum() * divisor.signum() < 0;
    return of(down ? result[0].subtract(BigInteger.ONE) : result[0]);
  }

  public static Object modulo(Object x, Object y) throws EvalError {
    if (x instanceof Long a && y instanceof Long b && b != 0) {
      return Math.floorMod(a, b);
    }
    BigInteger divisor = nonZero(y);
    BigInteger remainder = big(x).remainder(divisor);
    boolean up = remainder.signum() * divisor.signum() < 0;
    return of(up ? remainder.add(divisor) : remainder);
  }

  private static BigInteger nonZero(Object y) throws EvalError {
    BigInteger divisor = big(y);
    if (divisor.signum() == 0) {
      throw new EvalError("division by zero");
    }
    return divisor;
  }

  public static Object and(Object x, Object y) {
    return x instanceof Long a && y instanceof Long b ? (Object) (a & b) : of(big(x).and(big(y)));
  }

  public static Object or(Object x, Object y) {
    return x instanceof Long a && y instanceof Long b ? (Object) (a | b) : of(big(x).or(big(y)));
  }

  public static Object xor(Object x, Object y) {
    return x instanceof Long a && y instanceof Long b ? (Object) (a ^ b) : of(big(x).xor(big(y)));
  }

  public static Object shiftLeft(Object x, Object y) throws EvalError {
    int bits = shift(y);
    BigInteger n = big(x);
    if (n.signum() == 0) {
      return 0L;
    }
    if ((long) n.bitLength() + bits > MAX_BITS) {
      throw tooLarge();
    }
    return of(n.shiftLeft(bits));
  }

  public static Object shiftRight(Object x, Object y) throws EvalError {
    return of(big(x).shiftRight(shift(y)));
  }

  private static int shift(Object y) throws EvalError {
    if (big(y).signum() < 0) {
      throw new EvalError("negative shift count: " + y);
    }
    return clamp(y);
  }

  public static Object negate(Object x) throws EvalError {
    return subtract(0L, x);
  }

  public static Object invert(Object x) {
    return x instanceof Long n ? (Object) ~n : of(big(x).not());
  }

  /// How many steps an operation may take: long numbers multiply in quadratic time.
  static long work(Object x, Object y) {
    if (x instanceof Long && y instanceof Long) {
      return 0;
    }
    return (big(x).bitLength() >> 8) * (long) (big(y).bitLength() >> 8);
  }

  static int signum(Object x) {
    return x instanceof Long n ? Long.signum(n) : big(x).signum();
  }

  static int compare(Object x, Object y) {
    if (x instanceof Long a && y instanceof Long b) {
      return Long.compare(a, b);
    }
    return big(x).compareTo(big(y));
  }

  static double toDouble(Object x) throws EvalError {
    if (x instanceof Long n) {
      return n;
    }
    double result = big(x).doubleValue();
    if (Double.isInfinite(result)) {
      throw new EvalError("int too large to convert to float");
    }
    return result;
  }

  private static Object checked(BigInteger n) throws EvalError {
    if (n.bitLength() > MAX_BITS) {
      throw tooLarge();
    }
    return of(n);
  }

  private static EvalError tooLarge() {
    return new EvalError("this int would have more than " + MAX_BITS + " bits");
  }
}
