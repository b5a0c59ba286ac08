package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.Printer;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkList;
import dev.athanor.engine.starlark.value.StarlarkThread;
import java.util.TreeSet;

/// Functions about values and about the program itself.
final class Reflection {
  private Reflection() {}

  static Object type(StarlarkThread thread, BoundArguments arguments) {
    return Starlark.type(arguments.at(0));
  }

  static Object dir(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    var names = new TreeSet<>(Attributes.names(arguments.at(0)));
    thread.allocate(names.size(), 8);
    return StarlarkList.copyOf(thread.mutability(), names);
  }

  static Object hasattr(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    return Attributes.names(arguments.at(0)).contains(arguments.string("name"));
  }

  static Object getattr(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    String name = arguments.string("name");
    Object fallback = arguments.find(2);
    if (fallback == null) {
      return Attributes.get(arguments.at(0), name);
    }
    Object value = Attributes.find(arguments.at(0), name);
    return value == null ? fallback : value;
  }

  static Object print(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    thread.print(joined(arguments));
    return None.NONE;
  }

  static Object fail(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    throw new EvalError(joined(arguments));
  }

  private static String joined(BoundArguments arguments) throws EvalError {
    Printer out = new Printer();
    String separator = "";
    for (Object argument : arguments.args()) {
      out.append(separator).str(argument);
      separator = arguments.string("sep");
    }
    return out.toText();
  }
}
