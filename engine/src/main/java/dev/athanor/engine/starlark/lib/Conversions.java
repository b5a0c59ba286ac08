package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.Bytes;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Floats;
import dev.athanor.engine.starlark.value.Ints;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkIterable;
import dev.athanor.engine.starlark.value.StarlarkThread;
import java.math.BigInteger;
import java.util.Locale;

/// Functions that turn values into other types.
final class Conversions {
  /// Longer numbers cost quadratic time to read, and no program needs them.
  private static final int MAX_DIGITS = 20_000;

  private Conversions() {}

  static Object str(StarlarkThread thread, BoundArguments arguments)
      throws EvalError, InterruptedException {
    return charged(thread, Starlark.str(arguments.at(0)));
  }

  static Object repr(StarlarkThread thread, BoundArguments arguments)
      throws EvalError, InterruptedException {
    return charged(thread, Starlark.repr(arguments.at(0)));
  }

  /// Numbers of many digits take quadratic time, so that text counts as work too.
  private static String charged(StarlarkThread thread, String text)
      throws EvalError, InterruptedException {
    thread.work(text.length() >> 2);
    thread.allocate(text.length());
    return text;
  }

  static Object bool(StarlarkThread thread, BoundArguments arguments) {
    return Starlark.truth(arguments.at(0));
  }

  static Object abs(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    Object x = arguments.at(0);
    if (x instanceof Double d) {
      return Math.abs(d);
    }
    if (!Starlark.type(x).equals("int")) {
      throw new EvalError("abs() wants a number, not '" + Starlark.type(x) + "'");
    }
    return (x instanceof Long n && n >= 0) || (x instanceof BigInteger big && big.signum() > 0)
        ? x
        : Ints.negate(x);
  }

  /// Strings hash as in Java, bytes with FNV-1a of 32 bits: the specification fixes both.
  static Object hash(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    return switch (arguments.at(0)) {
      case String s -> (long) s.hashCode();
      case Bytes bytes -> {
        int hash = 0x811C9DC5;
        for (byte b : bytes.toArray()) {
          hash = (hash ^ (b & 0xff)) * 0x01000193;
        }
        yield Integer.toUnsignedLong(hash);
      }
      default ->
          throw new EvalError(
              "hash() wants a string or bytes, not '" + Starlark.type(arguments.at(0)) + "'");
    };
  }

  static Object bytes(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    Object x = arguments.at(0);
    return switch (x) {
      case Bytes bytes -> bytes;
      case String s -> {
        thread.allocate(s.length(), 3);
        yield Bytes.utf8(s);
      }
      case StarlarkIterable _ -> {
        Object[] elements = Elements.toArray(thread, x);
        byte[] result = new byte[elements.length];
        for (int i = 0; i < result.length; i++) {
          result[i] = toByte(elements[i], i);
        }
        yield Bytes.wrap(result);
      }
      default ->
          throw new EvalError(
              "bytes() wants a string, bytes, or an iterable of ints, not '"
                  + Starlark.type(x)
                  + "'");
    };
  }

  private static byte toByte(Object x, int index) throws EvalError {
    Integer value = Ints.toInt(x);
    if (value == null || value < 0 || value > 255) {
      throw new EvalError(
          "bytes() element " + index + " must be an int from 0 to 255, not " + Starlark.repr(x));
    }
    return value.byteValue();
  }

  static Object toFloat(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    Object x = arguments.at(0);
    return switch (x) {
      case Double d -> d;
      case Long _, BigInteger _ -> Floats.of(x);
      case Boolean b -> b ? 1.0 : 0.0;
      case String s -> parseFloat(s);
      default ->
          throw new EvalError(
              "float() wants a number, a string or a bool, not '" + Starlark.type(x) + "'");
    };
  }

  private static Object parseFloat(String s) throws EvalError {
    boolean signed = s.startsWith("+") || s.startsWith("-");
    double sign = s.startsWith("-") ? -1 : 1;
    String magnitude = signed ? s.substring(1) : s;
    switch (magnitude.toLowerCase(Locale.ROOT)) {
      case "inf", "infinity" -> {
        return sign * Double.POSITIVE_INFINITY;
      }
      case "nan" -> {
        return Double.NaN;
      }
      default -> {}
    }
    if (magnitude.length() > MAX_DIGITS
        || !magnitude.matches("(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?")) {
      throw new EvalError("invalid float literal: " + Starlark.repr(s));
    }
    double result = sign * Double.parseDouble(magnitude);
    if (Double.isInfinite(result)) {
      throw new EvalError("floating-point number too large: " + s);
    }
    return result;
  }

  static Object toInt(StarlarkThread thread, BoundArguments arguments)
      throws EvalError, InterruptedException {
    Object x = arguments.at(0);
    thread.work(Math.max(0, Starlark.size(x)));
    if (arguments.find(1) != null && !(x instanceof String)) {
      throw new EvalError("int() takes a base only with a string");
    }
    return switch (x) {
      case Long _, BigInteger _ -> x;
      case Double d -> Floats.truncate(d);
      case Boolean b -> b ? 1L : 0L;
      case String s -> parseInt(s, arguments.find(1) == null ? 10 : arguments.integer("base"));
      default ->
          throw new EvalError(
              "int() wants a number, a string or a bool, not '" + Starlark.type(x) + "'");
    };
  }

  private static Object parseInt(String s, int base) throws EvalError {
    if (base != 0 && (base < 2 || base > 36)) {
      throw new EvalError("invalid base " + base + ": it must be 0, or from 2 to 36");
    }
    boolean signed = s.startsWith("+") || s.startsWith("-");
    String digits = signed ? s.substring(1) : s;
    int prefixed = prefixedBase(digits);
    int radix = base == 0 ? 10 : base;
    if (prefixed != 0 && (base == 0 || base == prefixed)) {
      radix = prefixed;
      digits = digits.substring(2);
    } else if (base == 0 && digits.length() > 1 && digits.startsWith("0")) {
      throw invalidInt(s, base);
    }
    int finalRadix = radix;
    boolean valid =
        !digits.isEmpty()
            && digits.chars().allMatch(c -> c < 128 && Character.digit(c, finalRadix) >= 0);
    if (!valid || digits.length() > MAX_DIGITS) {
      throw invalidInt(s, base);
    }
    BigInteger magnitude = new BigInteger(digits, radix);
    return Ints.of(s.startsWith("-") ? magnitude.negate() : magnitude);
  }

  private static int prefixedBase(String digits) {
    if (digits.length() < 2 || digits.charAt(0) != '0') {
      return 0;
    }
    return switch (digits.charAt(1)) {
      case 'x', 'X' -> 16;
      case 'o', 'O' -> 8;
      case 'b', 'B' -> 2;
      default -> 0;
    };
  }

  private static EvalError invalidInt(String s, int base) throws EvalError {
    String shown = s.length() > 100 ? s.substring(0, 100) + "..." : s;
    return new EvalError("invalid int literal with base " + base + ": " + Starlark.repr(shown));
  }
}
