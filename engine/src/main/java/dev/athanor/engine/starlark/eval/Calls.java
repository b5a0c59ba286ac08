package dev.athanor.engine.starlark.eval;

import dev.athanor.engine.starlark.lib.Attributes;
import dev.athanor.engine.starlark.value.Arguments;
import dev.athanor.engine.starlark.value.Callable;
import dev.athanor.engine.starlark.value.Dict;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.MethodTable;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkIterable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Calling functions.
@SuppressWarnings("ArrayRecordComponent") // never compared, and the arrays never leave
final class Calls {
  private Calls() {}

  /// The argument expressions of a call.
  record ArgumentCodes(
      Code[] positional,
      String[] names,
      Code[] named,
      @Nullable Code star,
      @Nullable Code starStar,
      int position) {

    Arguments eval(Frame frame) throws EvalError, InterruptedException {
      Object[] values = Operations.evalAll(positional, frame);
      if (names.length == 0 && star == null && starStar == null) {
        return Arguments.positional(values);
      }
      Object[] namedValues = Operations.evalAll(named, frame);
      if (star != null) {
        values = append(values, star.eval(frame), frame);
      }
      return starStar == null
          ? Arguments.of(values, names, namedValues)
          : expand(values, namedValues, starStar.eval(frame), frame);
    }

    private Object[] append(Object[] values, Object more, Frame frame) throws EvalError {
      frame.position = position;
      if (!(more instanceof StarlarkIterable)) {
        throw new EvalError(
            "argument after '*' must be iterable, not '" + Starlark.type(more) + "'");
      }
      Object[] added = Starlark.toArray(more);
      frame.thread.allocate(added.length, 8);
      Object[] result = Arrays.copyOf(values, values.length + added.length);
      System.arraycopy(added, 0, result, values.length, added.length);
      return result;
    }

    private Arguments expand(Object[] values, Object[] namedValues, Object more, Frame frame)
        throws EvalError {
      frame.position = position;
      if (!(more instanceof Dict dict)) {
        throw new EvalError(
            "argument after '**' must be a dict, not '" + Starlark.type(more) + "'");
      }
      Set<String> seen = new HashSet<>(Arrays.asList(names));
      String[] allNames = Arrays.copyOf(names, names.length + dict.size());
      Object[] allValues = Arrays.copyOf(namedValues, allNames.length);
      Object[] keys = dict.keys();
      System.arraycopy(dict.values(), 0, allValues, names.length, keys.length);
      for (int i = 0; i < keys.length; i++) {
        if (!(keys[i] instanceof String name)) {
          throw new EvalError(
              "keys of a dict after '**' must be strings, not '" + Starlark.type(keys[i]) + "'");
        }
        if (!seen.add(name)) {
          throw new EvalError("keyword argument '" + name + "' is given twice");
        }
        allNames[names.length + i] = name;
      }
      return Arguments.of(values, allNames, allValues);
    }
  }

  /// A call of any value.
  record Call(Code function, ArgumentCodes arguments, int position) implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError, InterruptedException {
      Object callee = function.eval(frame);
      if (!(callee instanceof Callable callable)) {
        frame.position = position;
        throw notCallable(callee);
      }
      Arguments values = arguments.eval(frame);
      frame.position = position;
      frame.thread.step();
      return callable.call(frame.thread, values);
    }
  }

  /// A call of an attribute, which makes no value of a method of a built-in type.
  record MethodCall(Code object, String name, int dot, ArgumentCodes arguments, int position)
      implements Code {
    @Override
    public Object eval(Frame frame) throws EvalError, InterruptedException {
      Object self = object.eval(frame);
      MethodTable.Method<Object> method = Attributes.method(self, name);
      if (method != null) {
        Arguments values = arguments.eval(frame);
        frame.position = position;
        frame.thread.step();
        return method.call(frame.thread, self, values);
      }
      frame.position = dot;
      Object callee = Attributes.get(self, name);
      if (!(callee instanceof Callable callable)) {
        throw notCallable(callee);
      }
      Arguments values = arguments.eval(frame);
      frame.position = position;
      frame.thread.step();
      return callable.call(frame.thread, values);
    }
  }

  private static EvalError notCallable(Object callee) {
    return new EvalError("'" + Starlark.type(callee) + "' value is not callable");
  }
}
