package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.Dict;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Ints;
import dev.athanor.engine.starlark.value.Range;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkList;
import dev.athanor.engine.starlark.value.StarlarkSet;
import dev.athanor.engine.starlark.value.StarlarkThread;
import dev.athanor.engine.starlark.value.Tuple;
import java.util.Arrays;

/// Functions that make collections, or ask about them.
final class Collections {
  private Collections() {}

  static Object len(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    int size = Starlark.size(arguments.at(0));
    if (size < 0) {
      throw new EvalError("'" + Starlark.type(arguments.at(0)) + "' value has no length");
    }
    return (long) size;
  }

  static Object all(StarlarkThread thread, BoundArguments arguments)
      throws EvalError, InterruptedException {
    for (Object element : Starlark.iterable(arguments.at(0))) {
      thread.step();
      if (!Starlark.truth(element)) {
        return false;
      }
    }
    return true;
  }

  static Object any(StarlarkThread thread, BoundArguments arguments)
      throws EvalError, InterruptedException {
    for (Object element : Starlark.iterable(arguments.at(0))) {
      thread.step();
      if (Starlark.truth(element)) {
        return true;
      }
    }
    return false;
  }

  static Object dict(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    Dict dict = Dict.create(thread.mutability());
    DictMethods.update(thread, dict, arguments.at(0), arguments.kwargs());
    return dict;
  }

  static Object list(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    return StarlarkList.wrap(thread.mutability(), Elements.toArray(thread, arguments.at(0)));
  }

  static Object tuple(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    return arguments.at(0) instanceof Tuple tuple
        ? tuple
        : Tuple.wrap(Elements.toArray(thread, arguments.at(0)));
  }

  static Object set(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    Object[] elements = Elements.toArray(thread, arguments.at(0));
    thread.allocate(elements.length, 48);
    return StarlarkSet.copyOf(thread.mutability(), Arrays.asList(elements));
  }

  static Object reversed(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    Object[] elements = Elements.toArray(thread, arguments.at(0));
    java.util.Collections.reverse(Arrays.asList(elements));
    return StarlarkList.wrap(thread.mutability(), elements);
  }

  static Object enumerate(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    Object[] elements = Elements.toArray(thread, arguments.at(0));
    thread.allocate(elements.length, 48);
    Object number = arguments.at(1);
    checkInt("enumerate", "start", number);
    for (int i = 0; i < elements.length; i++) {
      elements[i] = Tuple.of(number, elements[i]);
      number = Ints.add(number, 1L);
    }
    return StarlarkList.wrap(thread.mutability(), elements);
  }

  static Object zip(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    Tuple args = arguments.args();
    Object[][] columns = new Object[args.size()][];
    int rows = args.size() == 0 ? 0 : Integer.MAX_VALUE;
    for (int i = 0; i < columns.length; i++) {
      columns[i] = Elements.toArray(thread, args.get(i));
      rows = Math.min(rows, columns[i].length);
    }
    thread.allocate(rows, 24 + 8 * columns.length);
    Object[] result = new Object[rows];
    for (int row = 0; row < rows; row++) {
      Object[] elements = new Object[columns.length];
      for (int i = 0; i < columns.length; i++) {
        elements[i] = columns[i][row];
      }
      result[row] = Tuple.wrap(elements);
    }
    return StarlarkList.wrap(thread.mutability(), result);
  }

  static Object range(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    Object second = arguments.find(1);
    long first = toLong("start", arguments.at(0));
    long step = toLong("step", arguments.at(2));
    return second == null
        ? Range.of(0, first, step)
        : Range.of(first, toLong("stop", second), step);
  }

  private static long toLong(String parameter, Object x) throws EvalError {
    checkInt("range", parameter, x);
    if (!(x instanceof Long n)) {
      throw new EvalError("range() parameter '" + parameter + "' is out of range: " + x);
    }
    return n;
  }

  private static void checkInt(String function, String parameter, Object x) throws EvalError {
    if (!Starlark.type(x).equals("int")) {
      throw new EvalError(
          function
              + "() parameter '"
              + parameter
              + "' must be of type 'int', not '"
              + Starlark.type(x)
              + "'");
    }
  }
}
