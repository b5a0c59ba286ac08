package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.syntax.Spelling;
import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.Dict;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Printer;
import dev.athanor.engine.starlark.value.StarlarkThread;
import dev.athanor.engine.starlark.value.Tuple;
import java.util.Arrays;
import java.util.List;

/// `format.format(*args, **kwargs)`: `{}`, `{0}` and `{name}`, with `!s` or `!r`.
final class BraceFormat {
  private final String format;
  private final Tuple args;
  private final Dict kwargs;
  private final Printer out = new Printer();
  private int nextArgument;
  private boolean automatic;
  private boolean manual;

  private BraceFormat(String format, Tuple args, Dict kwargs) {
    this.format = format;
    this.args = args;
    this.kwargs = kwargs;
  }

  static Object format(StarlarkThread thread, String format, BoundArguments arguments)
      throws EvalError {
    String result = new BraceFormat(format, arguments.args(), arguments.kwargs()).format();
    thread.allocate(result.length());
    return result;
  }

  private String format() throws EvalError {
    int at = 0;
    while (at < format.length()) {
      char c = format.charAt(at);
      if (c != '{' && c != '}') {
        out.append(c);
        at++;
      } else if (at + 1 < format.length() && format.charAt(at + 1) == c) {
        out.append(c);
        at += 2;
      } else if (c == '}') {
        throw new EvalError("single '}' in format; write '}}' for a brace");
      } else {
        int close = format.indexOf('}', at);
        if (close < 0) {
          throw new EvalError("unmatched '{' in format; write '{{' for a brace");
        }
        field(format.substring(at + 1, close));
        at = close + 1;
      }
    }
    return out.toText();
  }

  private void field(String field) throws EvalError {
    int bang = field.indexOf('!');
    String name = bang < 0 ? field : field.substring(0, bang);
    String conversion = bang < 0 ? "s" : field.substring(bang + 1);
    if (name.chars().anyMatch(c -> "[].{:".indexOf(c) >= 0)) {
      throw new EvalError("invalid field {" + field + "} in format: only names and numbers");
    }
    Object value = value(name);
    switch (conversion) {
      case "s" -> out.str(value);
      case "r" -> out.repr(value);
      default -> throw new EvalError("invalid conversion '!" + conversion + "' in format");
    }
  }

  private Object value(String name) throws EvalError {
    if (name.isEmpty()) {
      automatic = true;
      checkNumbering();
      return argument(nextArgument++);
    }
    if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
      manual = true;
      checkNumbering();
      return argument(name.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(name));
    }
    Object value = kwargs.get(name);
    if (value == null) {
      List<String> names = Arrays.stream(kwargs.keys()).map(Object::toString).toList();
      throw new EvalError(
          "format has no argument named '" + name + "'" + Spelling.hint(name, names));
    }
    return value;
  }

  private void checkNumbering() throws EvalError {
    if (automatic && manual) {
      throw new EvalError("{} and numbered fields cannot be mixed in one format");
    }
  }

  private Object argument(int index) throws EvalError {
    if (index >= args.size()) {
      throw new EvalError("format has no argument number " + index);
    }
    return args.get(index);
  }
}
