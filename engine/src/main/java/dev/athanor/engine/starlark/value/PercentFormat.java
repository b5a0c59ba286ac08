package dev.athanor.engine.starlark.value;

import java.math.BigInteger;
import java.util.Locale;

/// `format % arguments`.
final class PercentFormat {
  private final String format;
  private final Object[] arguments;
  private final Printer out = new Printer();
  private int next;

  private PercentFormat(String format, Object[] arguments) {
    this.format = format;
    this.arguments = arguments;
  }

  static String format(StarlarkThread thread, String format, Object argument) throws EvalError {
    Object[] arguments = argument instanceof Tuple t ? t.toArray() : new Object[] {argument};
    String result = new PercentFormat(format, arguments).format();
    thread.allocate(result.length());
    return result;
  }

  private String format() throws EvalError {
    int from = 0;
    for (int at = format.indexOf('%'); at >= 0; at = format.indexOf('%', from)) {
      out.append(format.substring(from, at));
      if (at + 1 == format.length()) {
        throw new EvalError("the format ends in a single '%'");
      }
      conversion(format.charAt(at + 1));
      from = at + 2;
    }
    out.append(format.substring(from));
    if (next < arguments.length) {
      throw new EvalError("not all arguments were used by the format");
    }
    return out.toText();
  }

  private void conversion(char c) throws EvalError {
    if (c == '%') {
      out.append('%');
      return;
    }
    if ("srdioxXeEfFgGc".indexOf(c) < 0) {
      throw new EvalError("unsupported conversion '%" + c + "'");
    }
    if (next == arguments.length) {
      throw new EvalError("not enough arguments for the format");
    }
    Object x = arguments[next++];
    switch (c) {
      case 's' -> out.str(x);
      case 'r' -> out.repr(x);
      case 'd', 'i' -> out.append(integer(c, x).toString());
      case 'o' -> out.append(integer(c, x).toString(8));
      case 'x' -> out.append(integer(c, x).toString(16));
      case 'X' -> out.append(integer(c, x).toString(16).toUpperCase(Locale.ROOT));
      case 'e', 'E' -> out.append(Floats.scientific(number(c, x), c));
      case 'f', 'F' -> out.append(Floats.fixed(number(c, x)));
      case 'g' -> out.append(Floats.toText(number(c, x)));
      case 'G' -> out.append(Floats.toText(number(c, x)).toUpperCase(Locale.ROOT));
      default -> out.append(character(x));
    }
  }

  private static BigInteger integer(char c, Object x) throws EvalError {
    if (x instanceof Double d) {
      return Ints.big(Floats.truncate(d));
    }
    if (!Ints.isInt(x)) {
      throw wrongType(c, "a number", x);
    }
    return Ints.big(x);
  }

  private static double number(char c, Object x) throws EvalError {
    if (!(x instanceof Double) && !Ints.isInt(x)) {
      throw wrongType(c, "a number", x);
    }
    return Floats.of(x);
  }

  private static String character(Object x) throws EvalError {
    if (x instanceof String s && s.codePointCount(0, s.length()) == 1) {
      return s;
    }
    Integer codePoint = Ints.toInt(x);
    if (codePoint == null || !Character.isValidCodePoint(codePoint)) {
      throw wrongType('c', "a code point or a string of one character", x);
    }
    return Character.toString(codePoint);
  }

  private static EvalError wrongType(char c, String wanted, Object x) {
    return new EvalError("'%" + c + "' needs " + wanted + ", not '" + Starlark.type(x) + "'");
  }
}
