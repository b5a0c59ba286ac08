package dev.athanor.engine.starlark.syntax;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/// Reads the literals: numbers, strings and bytes.
///
/// After a call, `value` is a [BigInteger], [Double] or [String] and `end` the offset behind the
/// literal.
final class LiteralScanner {
  /// Longer numbers cost quadratic time to read, and no program needs them.
  private static final int MAX_DIGITS = 10_000;

  private final String text;
  private final Errors errors;

  Object value = "";
  int end;

  LiteralScanner(String text, Errors errors) {
    this.text = text;
    this.errors = errors;
  }

  Token number(int start) {
    end = start;
    if (peek(0) == '0' && Character.isLetter(peek(1)) && peek(1) != 'e' && peek(1) != 'E') {
      value = prefixed(start);
      return Token.INT;
    }
    boolean isFloat = decimal();
    String digits = text.substring(start, end);
    if (Character.isLetter(peek(0)) || peek(0) == '_') {
      skipWord();
      errors.add(start, "invalid number '" + text.substring(start, end) + "'");
    }
    if (isFloat) {
      value = floatValue(start, digits);
      return Token.FLOAT;
    }
    if (digits.length() > 1 && digits.charAt(0) == '0' && !digits.matches("0+")) {
      errors.add(start, "invalid number '" + digits + "': octal numbers are written 0o" + digits);
    }
    value = intValue(start, digits, 10);
    return Token.INT;
  }

  /// Reads digits, a fraction and an exponent, and says whether there was more than digits.
  private boolean decimal() {
    boolean isFloat = false;
    skipDigits();
    if (peek(0) == '.') {
      isFloat = true;
      end++;
      skipDigits();
    }
    if (peek(0) == 'e' || peek(0) == 'E') {
      int sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
      if (isDigit(peek(1 + sign))) {
        isFloat = true;
        end += 1 + sign;
        skipDigits();
      }
    }
    return isFloat;
  }

  private BigInteger prefixed(int start) {
    int radix =
        switch (peek(1)) {
          case 'x', 'X' -> 16;
          case 'o', 'O' -> 8;
          case 'b', 'B' -> 2;
          default -> 0;
        };
    end = start + 2;
    skipWord();
    String digits = text.substring(start + 2, end);
    if (radix == 0
        || digits.isEmpty()
        || !digits.chars().allMatch(c -> c < 128 && Character.digit(c, radix) >= 0)) {
      errors.add(start, "invalid number '" + text.substring(start, end) + "'");
      return BigInteger.ZERO;
    }
    return intValue(start, digits, radix);
  }

  private BigInteger intValue(int start, String digits, int radix) {
    if (digits.length() > MAX_DIGITS) {
      errors.add(start, "this number has more than " + MAX_DIGITS + " digits");
      return BigInteger.ZERO;
    }
    return new BigInteger(digits, radix);
  }

  private double floatValue(int start, String digits) {
    double result = digits.length() > MAX_DIGITS ? 0 : Double.parseDouble(digits);
    if (Double.isInfinite(result) || digits.length() > MAX_DIGITS) {
      errors.add(start, "this number is too large for a float");
    }
    return result;
  }

  /// Reads a string or bytes literal that has its prefix at `start` and its first quote at `quote`.
  Token string(int start, int quote) {
    boolean raw = text.substring(start, quote).contains("r");
    boolean bytes = text.substring(start, quote).contains("b");
    char mark = text.charAt(quote);
    end = quote;
    boolean triple = peek(1) == mark && peek(2) == mark;
    end += triple ? 3 : 1;
    if (!triple && !bytes && plain(mark)) {
      return Token.STRING;
    }
    value = characters(start, mark, triple, raw, bytes);
    return bytes ? Token.BYTES : Token.STRING;
  }

  /// The common case: a short string without escapes.
  private boolean plain(char mark) {
    int close = end;
    while (close < text.length()) {
      char c = text.charAt(close);
      if (c == mark) {
        value = text.substring(end, close);
        end = close + 1;
        return true;
      }
      if (c == '\\' || c == '\n') {
        return false;
      }
      close++;
    }
    return false;
  }

  private String characters(int start, char mark, boolean triple, boolean raw, boolean bytes) {
    StringBuilder out = new StringBuilder();
    while (true) {
      char c = peek(0);
      if (end >= text.length() || (c == '\n' && !triple)) {
        errors.add(start, "this string is never closed");
        return out.toString();
      }
      if (c == mark && (!triple || (peek(1) == mark && peek(2) == mark))) {
        end += triple ? 3 : 1;
        return out.toString();
      }
      if (c == '\\' && raw) {
        rawEscape(out, mark);
      } else if (c == '\\') {
        escape(out, bytes);
      } else {
        int codePoint = text.codePointAt(end);
        append(out, codePoint, bytes);
        end += Character.charCount(codePoint);
      }
    }
  }

  /// In a raw string a backslash protects the quote, and stays unless it does.
  private void rawEscape(StringBuilder out, char mark) {
    char next = peek(1);
    if (next != mark) {
      out.append('\\');
    }
    if (next == mark || next == '\\' || next == '\n') {
      out.append(next);
      end++;
    }
    end++;
  }

  private void escape(StringBuilder out, boolean bytes) {
    int at = end;
    char c = peek(1);
    end += end + 1 < text.length() ? 2 : 1;
    switch (c) {
      case '\n' -> {}
      case 'a' -> out.append('\u0007');
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'n' -> out.append('\n');
      case 'r' -> out.append('\r');
      case 't' -> out.append('\t');
      case 'v' -> out.append('\u000b');
      case '\\', '\'', '"' -> out.append(c);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(out, at, bytes);
      case 'x' -> element(out, at, hex(at, 2), bytes);
      case 'u' -> codePoint(out, at, hex(at, 4), bytes);
      case 'U' -> codePoint(out, at, hex(at, 8), bytes);
      default -> {
        errors.add(
            at, "invalid escape '\\" + c + "' (write '\\\\' for a backslash, or use a raw string)");
        out.append('\\').append(c);
      }
    }
  }

  private void octal(StringBuilder out, int at, boolean bytes) {
    end = at + 1;
    int result = 0;
    for (int i = 0; i < 3 && peek(0) >= '0' && peek(0) <= '7'; i++) {
      result = result * 8 + peek(0) - '0';
      end++;
    }
    element(out, at, result, bytes);
  }

  private int hex(int at, int digits) {
    int result = 0;
    for (int i = 0; i < digits; i++) {
      int digit = peek(0) < 128 ? Character.digit(peek(0), 16) : -1;
      if (digit < 0) {
        errors.add(at, "this escape needs " + digits + " hexadecimal digits");
        return '?';
      }
      result = result * 16 + digit;
      end++;
    }
    return result;
  }

  /// Appends what `\x` and octal escapes denote: one ASCII character, or one byte.
  private void element(StringBuilder out, int at, int element, boolean bytes) {
    if (element > (bytes ? 255 : 127)) {
      errors.add(
          at,
          bytes
              ? "this escape is larger than a byte"
              : "this escape is not ASCII (write \\u" + String.format("%04x", element) + ")");
    }
    out.append((char) element);
  }

  private void codePoint(StringBuilder out, int at, int codePoint, boolean bytes) {
    if (!Character.isValidCodePoint(codePoint)
        || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE)) {
      errors.add(at, String.format("invalid Unicode code point U+%04X", codePoint));
      return;
    }
    append(out, codePoint, bytes);
  }

  private static void append(StringBuilder out, int codePoint, boolean bytes) {
    if (!bytes || codePoint < 128) {
      out.appendCodePoint(codePoint);
      return;
    }
    for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
      out.append((char) (b & 0xff));
    }
  }

  private char peek(int ahead) {
    return end + ahead < text.length() ? text.charAt(end + ahead) : 0;
  }

  private void skipDigits() {
    while (isDigit(peek(0))) {
      end++;
    }
  }

  private void skipWord() {
    while (Character.isLetterOrDigit(peek(0)) || peek(0) == '_') {
      end++;
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
