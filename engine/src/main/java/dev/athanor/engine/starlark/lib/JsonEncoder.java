package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.Dict;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.HasFields;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.Printer;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkIterable;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;

/// Writes values as JSON: dicts and structs as objects with sorted keys, iterables as arrays.
final class JsonEncoder {
  private static final int MAX_DEPTH = 100;

  private final Printer out = new Printer();
  private int depth;

  private JsonEncoder() {}

  static String encode(Object x) throws EvalError {
    JsonEncoder encoder = new JsonEncoder();
    encoder.value(x);
    return encoder.out.toText();
  }

  private void value(Object x) throws EvalError {
    if (++depth > MAX_DEPTH) {
      throw new EvalError("json.encode: the value is nested too deeply");
    }
    switch (x) {
      case None _ -> out.append("null");
      case Boolean b -> out.append(b ? "true" : "false");
      case Long _, BigInteger _ -> out.append(x.toString());
      case Double d -> number(d);
      case String s -> string(s);
      case Dict dict -> object(entries(dict));
      case StarlarkIterable elements -> array(elements);
      case HasFields fields -> object(entries(fields));
      default -> throw new EvalError("json.encode: cannot encode a '" + Starlark.type(x) + "'");
    }
    depth--;
  }

  private void number(double d) throws EvalError {
    if (Double.isNaN(d) || Double.isInfinite(d)) {
      throw new EvalError("json.encode: cannot encode the float " + Starlark.str(d));
    }
    out.str(d);
  }

  private static Map<String, Object> entries(Dict dict) throws EvalError {
    Map<String, Object> entries = new TreeMap<>();
    for (Map.Entry<Object, Object> entry : dict.toMap().entrySet()) {
      if (!(entry.getKey() instanceof String key)) {
        throw new EvalError(
            "json.encode: the keys of a dict must be strings, not '"
                + Starlark.type(entry.getKey())
                + "'");
      }
      entries.put(key, entry.getValue());
    }
    return entries;
  }

  private static Map<String, Object> entries(HasFields fields) throws EvalError {
    Map<String, Object> entries = new TreeMap<>();
    for (String name : fields.fieldNames()) {
      entries.put(name, Attributes.get(fields, name));
    }
    return entries;
  }

  private void object(Map<String, Object> entries) throws EvalError {
    out.append('{');
    String separator = "";
    for (Map.Entry<String, Object> entry : entries.entrySet()) {
      out.append(separator);
      string(entry.getKey());
      out.append(':');
      value(entry.getValue());
      separator = ",";
    }
    out.append('}');
  }

  private void array(StarlarkIterable elements) throws EvalError {
    out.append('[');
    String separator = "";
    for (Object element : elements) {
      if (out.isFull()) {
        break;
      }
      out.append(separator);
      value(element);
      separator = ",";
    }
    out.append(']');
  }

  private void string(String s) {
    out.append('"');
    for (int c : s.codePoints().toArray()) {
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ') {
            out.append(String.format("\\u%04x", c));
          } else if (Character.getType(c) == Character.SURROGATE) {
            out.append('\uFFFD');
          } else {
            out.append(Character.toString(c));
          }
        }
      }
    }
    out.append('"');
  }

  /// Puts the elements of valid JSON on lines of their own.
  static String indent(String json, String prefix, String indent) throws EvalError {
    Printer out = new Printer();
    int level = 0;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      switch (c) {
        case ' ', '\t', '\n', '\r' -> {}
        case '"' -> {
          int end = endOfString(json, i);
          out.append(json.substring(i, end));
          i = end - 1;
        }
        case '{', '[' -> {
          int next = skipSpace(json, i + 1);
          out.append(c);
          if (json.charAt(next) == '}' || json.charAt(next) == ']') {
            out.append(json.charAt(next));
            i = next;
          } else {
            newLine(out, prefix, indent, ++level);
          }
        }
        case '}', ']' -> {
          newLine(out, prefix, indent, --level);
          out.append(c);
        }
        case ',' -> newLine(out.append(c), prefix, indent, level);
        case ':' -> out.append(": ");
        default -> out.append(c);
      }
    }
    return out.toText();
  }

  private static void newLine(Printer out, String prefix, String indent, int level) {
    out.append('\n').append(prefix);
    for (int i = 0; i < level && !out.isFull(); i++) {
      out.append(indent);
    }
  }

  private static int endOfString(String json, int start) {
    int i = start + 1;
    while (json.charAt(i) != '"') {
      i += json.charAt(i) == '\\' ? 2 : 1;
    }
    return i + 1;
  }

  private static int skipSpace(String json, int start) {
    int i = start;
    while (" \t\n\r".indexOf(json.charAt(i)) >= 0) {
      i++;
    }
    return i;
  }
}
