package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.Dict;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Ints;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.StarlarkList;
import dev.athanor.engine.starlark.value.StarlarkThread;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads JSON, strictly.
final class JsonDecoder {
  private static final int MAX_DEPTH = 100;
  private static final int MAX_NUMBER = 10_000;
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*+)(\\.[0-9]++)?([eE][+-]?[0-9]++)?");

  /// The text is no JSON. Becomes an [EvalError] unless the program has said what to do instead.
  static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Malformed(String problem) {
      super(problem, null, false, false);
    }

    String problem() {
      return String.valueOf(getMessage());
    }
  }

  private final String text;
  private final StarlarkThread thread;
  private int pos;
  private int depth;

  JsonDecoder(String text, StarlarkThread thread) {
    this.text = text;
    this.thread = thread;
  }

  /// @throws Malformed if the text is no JSON
  Object decode() throws EvalError {
    Object result = value();
    skipSpace();
    if (pos < text.length()) {
      throw unexpected("after the value");
    }
    return result;
  }

  private Object value() throws EvalError {
    skipSpace();
    if (++depth > MAX_DEPTH) {
      throw malformed("nested too deeply");
    }
    Object result =
        switch (peek()) {
          case '{' -> object();
          case '[' -> array();
          case '"' -> string();
          case 't' -> word("true", true);
          case 'f' -> word("false", false);
          case 'n' -> word("null", None.NONE);
          case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
          default -> throw unexpected("where a value should be");
        };
    depth--;
    return result;
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, pos)) {
      throw unexpected("where a value should be");
    }
    pos += word.length();
    return value;
  }

  private Object number() throws EvalError {
    Matcher matcher = NUMBER.matcher(text).region(pos, text.length());
    if (!matcher.lookingAt() || matcher.end() - pos > MAX_NUMBER) {
      throw malformed("invalid number");
    }
    pos = matcher.end();
    String digits = matcher.group();
    if (matcher.group(2) == null && matcher.group(3) == null) {
      return Ints.of(new BigInteger(digits));
    }
    double result = Double.parseDouble(digits);
    if (Double.isInfinite(result)) {
      throw malformed("number too large");
    }
    return result;
  }

  private Object array() throws EvalError {
    StarlarkList list = StarlarkList.create(thread.mutability());
    pos++;
    skipSpace();
    if (accept(']')) {
      return list;
    }
    do {
      thread.allocate(24);
      list.add(value());
      skipSpace();
    } while (accept(','));
    expect(']');
    return list;
  }

  private Object object() throws EvalError {
    Dict dict = Dict.create(thread.mutability());
    pos++;
    skipSpace();
    if (accept('}')) {
      return dict;
    }
    do {
      skipSpace();
      if (peek() != '"') {
        throw unexpected("where a key should be");
      }
      String key = string();
      skipSpace();
      expect(':');
      Object value = value();
      thread.allocate(48);
      if (!dict.put(key, value)) {
        throw malformed("key \"" + key + "\" occurs twice");
      }
      skipSpace();
    } while (accept(','));
    expect('}');
    return dict;
  }

  private String string() throws EvalError {
    StringBuilder out = new StringBuilder();
    pos++;
    while (true) {
      if (pos == text.length()) {
        throw malformed("unclosed string");
      }
      char c = text.charAt(pos++);
      if (c == '"') {
        thread.allocate(out.length());
        return out.toString();
      } else if (c == '\\') {
        escape(out);
      } else if (c < ' ') {
        pos--;
        throw unexpected("in a string");
      } else {
        out.append(c);
      }
    }
  }

  private void escape(StringBuilder out) {
    char c = peek();
    pos++;
    switch (c) {
      case '"', '\\', '/' -> out.append(c);
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'n' -> out.append('\n');
      case 'r' -> out.append('\r');
      case 't' -> out.append('\t');
      case 'u' -> out.append(unicode());
      default -> {
        pos--;
        throw malformed("invalid escape");
      }
    }
  }

  private char unicode() {
    int result = 0;
    for (int i = 0; i < 4; i++) {
      int digit = peek() < 128 ? Character.digit(peek(), 16) : -1;
      if (digit < 0) {
        throw malformed("invalid escape");
      }
      result = result * 16 + digit;
      pos++;
    }
    return (char) result;
  }

  private char peek() {
    return pos < text.length() ? text.charAt(pos) : 0;
  }

  private boolean accept(char c) {
    if (peek() != c) {
      return false;
    }
    pos++;
    return true;
  }

  private void expect(char c) {
    if (!accept(c)) {
      throw unexpected("where '" + c + "' should be");
    }
  }

  private void skipSpace() {
    while (pos < text.length() && " \t\n\r".indexOf(text.charAt(pos)) >= 0) {
      pos++;
    }
  }

  private Malformed unexpected(String where) {
    String what =
        pos < text.length()
            ? "unexpected '" + Character.toString(text.codePointAt(pos)) + "' "
            : "unexpected end ";
    return malformed(what + where);
  }

  private Malformed malformed(String problem) {
    return new Malformed("at offset " + pos + ": " + problem);
  }
}
