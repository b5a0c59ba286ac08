package dev.athanor.engine.starlark.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// Arithmetic on floats, their exact comparison with ints, and their text.
public final class Floats {
  private Floats() {}

  /// The number as a double.
  public static double of(Object x) throws EvalError {
    return x instanceof Double d ? d : Ints.toDouble(x);
  }

  static double divide(double x, double y) throws EvalError {
    checkDivisor(y);
    return x / y;
  }

  static double floorDivide(double x, double y) throws EvalError {
    checkDivisor(y);
    return Math.floor(x / y);
  }

  static double modulo(double x, double y) throws EvalError {
    checkDivisor(y);
    double remainder = x % y;
    return remainder != 0 && (remainder < 0) != (y < 0) ? remainder + y : remainder;
  }

  private static void checkDivisor(double y) throws EvalError {
    if (y == 0) {
      throw new EvalError("division by zero");
    }
  }

  /// Compares two numbers as exact values; NaN equals itself and is greater than any other.
  static int compare(Object x, Object y) {
    if (x instanceof Double a) {
      if (y instanceof Double b) {
        return a.doubleValue() == b.doubleValue() ? 0 : Double.compare(a, b);
      }
      return -compareIntFloat(y, a);
    }
    return y instanceof Double b ? compareIntFloat(x, b) : Ints.compare(x, y);
  }

  private static int compareIntFloat(Object x, double y) {
    if (Double.isNaN(y)) {
      return -1;
    }
    if (Double.isInfinite(y)) {
      return y > 0 ? -1 : 1;
    }
    if (x instanceof Long n) {
      double rounded = n;
      if (rounded != y) {
        return rounded < y ? -1 : 1;
      }
    }
    return new BigDecimal(Ints.big(x)).compareTo(new BigDecimal(y));
  }

  /// The integral value of a finite float, cut towards zero.
  public static Object truncate(double d) throws EvalError {
    if (Double.isNaN(d) || Double.isInfinite(d)) {
      throw new EvalError("cannot convert float " + toText(d) + " to int");
    }
    return Math.abs(d) < 1L << 62 ? (Object) (long) d : Ints.of(new BigDecimal(d).toBigInteger());
  }

  /// A hash that agrees with that of the equal int.
  static int hash(double d) {
    if (d == Math.rint(d) && !Double.isInfinite(d)) {
      return Math.abs(d) < 1L << 62
          ? Long.hashCode((long) d)
          : Ints.of(new BigDecimal(d).toBigInteger()).hashCode();
    }
    return Double.hashCode(d);
  }

  /// What `str` returns: the shortest digits that denote the float, in plain notation unless the
  /// exponent is below -4 or above 16, and always with a point or an exponent.
  public static String toText(double d) {
    String special = special(d);
    if (special != null) {
      return special;
    }
    String sign = d < 0 || 1 / d < 0 ? "-" : "";
    if (d == 0) {
      return sign + "0.0";
    }
    BigDecimal shortest = shortest(Math.abs(d));
    String digits = shortest.unscaledValue().toString();
    int exponent = digits.length() - 1 - shortest.scale();
    if (exponent < -4 || exponent > 16) {
      String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
      return sign + digits.charAt(0) + fraction + exponent('e', exponent);
    }
    String plain = shortest.toPlainString();
    return sign + (plain.indexOf('.') >= 0 ? plain : plain + ".0");
  }

  /// The decimal of fewest digits that denotes the float. [Double#toString] gives at least two.
  private static BigDecimal shortest(double d) {
    BigDecimal decimal = new BigDecimal(Double.toString(d)).stripTrailingZeros();
    if (decimal.precision() == 2) {
      BigDecimal single = decimal.round(new MathContext(1, RoundingMode.HALF_EVEN));
      return single.doubleValue() == d ? single.stripTrailingZeros() : decimal;
    }
    return decimal;
  }

  /// `%e`: one digit, a point, six digits, and an exponent of at least two.
  static String scientific(double d, char e) {
    String special = special(d);
    if (special != null) {
      return special;
    }
    String sign = d < 0 || 1 / d < 0 ? "-" : "";
    if (d == 0) {
      return sign + "0.000000" + exponent(e, 0);
    }
    BigDecimal rounded =
        new BigDecimal(Math.abs(d)).round(new MathContext(7, RoundingMode.HALF_EVEN));
    BigInteger unscaled = rounded.unscaledValue();
    String digits = unscaled.toString();
    int exponent = digits.length() - 1 - rounded.scale();
    digits = (digits + "000000").substring(0, 7);
    return sign + digits.charAt(0) + "." + digits.substring(1) + exponent(e, exponent);
  }

  /// `%f`: plain notation with six digits after the point.
  static String fixed(double d) {
    String special = special(d);
    if (special != null) {
      return special;
    }
    String sign = d < 0 || 1 / d < 0 ? "-" : "";
    BigDecimal rounded = new BigDecimal(Math.abs(d)).setScale(6, RoundingMode.HALF_EVEN);
    return sign + rounded.toPlainString();
  }

  private static String exponent(char e, int exponent) {
    String digits = Integer.toString(Math.abs(exponent));
    return e + (exponent < 0 ? "-" : "+") + (digits.length() < 2 ? "0" : "") + digits;
  }

  private static @Nullable String special(double d) {
    if (Double.isNaN(d)) {
      return "nan";
    }
    if (Double.isInfinite(d)) {
      return d > 0 ? "+inf" : "-inf";
    }
    return null;
  }
}
