package dev.athanor.engine.starlark.value;

import java.math.BigInteger;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Set;

/// Writes values as text. Cycles and overlong output end in `...` rather than never.
public final class Printer {
  private static final int MAX_LENGTH = 1 << 24;
  private static final int MAX_DEPTH = 100;

  private final StringBuilder out = new StringBuilder();

  /// The containers that are being written, by identity.
  private final Set<Object> active = Collections.newSetFromMap(new IdentityHashMap<>());

  private boolean overflow;

  public Printer append(String text) {
    if (out.length() + (long) text.length() > MAX_LENGTH) {
      overflow = true;
    } else {
      out.append(text);
    }
    return this;
  }

  public Printer append(char c) {
    if (out.length() >= MAX_LENGTH) {
      overflow = true;
    } else {
      out.append(c);
    }
    return this;
  }

  public Printer repr(Object x) {
    switch (x) {
      case String s -> quote(s);
      case Value value -> nested(value, false);
      default -> atom(x);
    }
    return this;
  }

  public Printer str(Object x) {
    switch (x) {
      case String s -> append(s);
      case Value value -> nested(value, true);
      default -> atom(x);
    }
    return this;
  }

  /// Writes `before`, the elements separated by commas, and `after`.
  public Printer list(String before, Iterable<?> elements, String after) {
    append(before);
    Iterator<?> iterator = elements.iterator();
    while (iterator.hasNext() && !overflow) {
      repr(iterator.next());
      if (iterator.hasNext()) {
        append(", ");
      }
    }
    return append(after);
  }

  /// Whether more text would be dropped.
  public boolean isFull() {
    return overflow;
  }

  /// The text.
  ///
  /// @throws EvalError if it was too long
  public String toText() throws EvalError {
    if (overflow) {
      throw new EvalError("the text of this value is longer than " + MAX_LENGTH + " characters");
    }
    return out.toString();
  }

  @Override
  public String toString() {
    return out.toString();
  }

  private void nested(Value value, boolean str) {
    boolean container = value instanceof StarlarkIterable || value instanceof HasFields;
    if (container && (active.size() >= MAX_DEPTH || !active.add(value))) {
      append("...");
      return;
    }
    if (str) {
      value.str(this);
    } else {
      value.repr(this);
    }
    if (container) {
      active.remove(value);
    }
  }

  private void atom(Object x) {
    append(
        switch (x) {
          case Boolean b -> b ? "True" : "False";
          case Double d -> Floats.toText(d);
          case BigInteger n -> n.toString();
          default -> x.toString();
        });
  }

  /// Writes a string literal that denotes the string.
  private void quote(String s) {
    append('"');
    for (int i = 0; i < s.length() && !overflow; i++) {
      char c = s.charAt(i);
      switch (c) {
        case '"' -> append("\\\"");
        case '\\' -> append("\\\\");
        case '\n' -> append("\\n");
        case '\r' -> append("\\r");
        case '\t' -> append("\\t");
        default -> {
          if (c < ' ' || c == 127) {
            append(String.format("\\x%02x", (int) c));
          } else if (Character.isSurrogate(c) && !inPair(s, i)) {
            append(String.format("\\u%04x", (int) c));
          } else {
            append(c);
          }
        }
      }
    }
    append('"');
  }

  private static boolean inPair(String s, int i) {
    return Character.isHighSurrogate(s.charAt(i))
        ? i + 1 < s.length() && Character.isLowSurrogate(s.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(s.charAt(i - 1));
  }
}
