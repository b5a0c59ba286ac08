package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.Dict;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.MethodTable;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.Signature;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkIterable;
import dev.athanor.engine.starlark.value.StarlarkList;
import dev.athanor.engine.starlark.value.StarlarkThread;

/// The methods of dicts.
final class DictMethods {
  static final MethodTable<Dict> TABLE =
      new MethodTable<Dict>()
          .add("clear", Signature.positional(""), DictMethods::clear)
          .add("get", Signature.positional("key, default=None"), DictMethods::get)
          .add("items", Signature.positional(""), DictMethods::items)
          .add("keys", Signature.positional(""), DictMethods::keys)
          .add("pop", Signature.positional("key, default=unset"), DictMethods::pop)
          .add("popitem", Signature.positional(""), DictMethods::popitem)
          .add("setdefault", Signature.positional("key, default=None"), DictMethods::setdefault)
          .add("update", Signature.positional("pairs=None, **kwargs"), DictMethods::update)
          .add("values", Signature.positional(""), DictMethods::values);

  private DictMethods() {}

  private static Object clear(StarlarkThread thread, Dict self, BoundArguments arguments)
      throws EvalError {
    self.clear();
    return None.NONE;
  }

  private static Object get(StarlarkThread thread, Dict self, BoundArguments arguments)
      throws EvalError {
    Object value = self.get(arguments.at(0));
    return value == null ? arguments.at(1) : value;
  }

  private static Object items(StarlarkThread thread, Dict self, BoundArguments arguments)
      throws EvalError {
    thread.allocate(self.size(), 48);
    return StarlarkList.wrap(thread.mutability(), self.items());
  }

  private static Object keys(StarlarkThread thread, Dict self, BoundArguments arguments)
      throws EvalError {
    thread.allocate(self.size(), 8);
    return StarlarkList.wrap(thread.mutability(), self.keys());
  }

  private static Object values(StarlarkThread thread, Dict self, BoundArguments arguments)
      throws EvalError {
    thread.allocate(self.size(), 8);
    return StarlarkList.wrap(thread.mutability(), self.values());
  }

  private static Object pop(StarlarkThread thread, Dict self, BoundArguments arguments)
      throws EvalError {
    Object value = self.remove(arguments.at(0));
    if (value == null) {
      value = arguments.find(1);
    }
    if (value == null) {
      throw new EvalError("key " + Starlark.repr(arguments.at(0)) + " is not in the dict");
    }
    return value;
  }

  private static Object popitem(StarlarkThread thread, Dict self, BoundArguments arguments)
      throws EvalError {
    return self.removeFirst();
  }

  private static Object setdefault(StarlarkThread thread, Dict self, BoundArguments arguments)
      throws EvalError {
    Object value = self.get(arguments.at(0));
    if (value == null) {
      value = arguments.at(1);
      thread.allocate(48);
      self.put(arguments.at(0), value);
    }
    return value;
  }

  private static Object update(StarlarkThread thread, Dict self, BoundArguments arguments)
      throws EvalError {
    update(thread, self, arguments.at(0), arguments.kwargs());
    return None.NONE;
  }

  /// Adds pairs, or the entries of another dict, and then named arguments.
  static void update(StarlarkThread thread, Dict dict, Object pairs, Dict named) throws EvalError {
    if (pairs instanceof Dict other) {
      thread.allocate(other.size(), 48);
      dict.putAll(other);
    } else if (pairs != None.NONE) {
      Object[] elements = Elements.toArray(thread, pairs);
      thread.allocate(elements.length, 48);
      for (int i = 0; i < elements.length; i++) {
        Object[] pair = pair(thread, elements[i], i);
        dict.put(pair[0], pair[1]);
      }
    }
    dict.putAll(named);
  }

  private static Object[] pair(StarlarkThread thread, Object element, int index) throws EvalError {
    if (!(element instanceof StarlarkIterable)) {
      throw new EvalError(
          "element " + index + " is no pair, but a '" + Starlark.type(element) + "' value");
    }
    Object[] pair = Elements.toArray(thread, element);
    if (pair.length != 2) {
      throw new EvalError("element " + index + " is no pair, but has length " + pair.length);
    }
    return pair;
  }
}
