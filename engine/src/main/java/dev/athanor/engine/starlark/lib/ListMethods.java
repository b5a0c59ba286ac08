package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.Equality;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Indexing;
import dev.athanor.engine.starlark.value.MethodTable;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.Signature;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkList;
import dev.athanor.engine.starlark.value.StarlarkThread;

/// The methods of lists.
final class ListMethods {
  static final MethodTable<StarlarkList> TABLE =
      new MethodTable<StarlarkList>()
          .add("append", Signature.positional("x"), ListMethods::append)
          .add("clear", Signature.positional(""), ListMethods::clear)
          .add("extend", Signature.positional("x"), ListMethods::extend)
          .add("index", Signature.positional("x, start=None, end=None"), ListMethods::index)
          .add("insert", Signature.positional("index, x"), ListMethods::insert)
          .add("pop", Signature.positional("index=-1"), ListMethods::pop)
          .add("remove", Signature.positional("x"), ListMethods::remove);

  private ListMethods() {}

  private static Object append(StarlarkThread thread, StarlarkList self, BoundArguments arguments)
      throws EvalError {
    thread.allocate(48);
    self.add(arguments.at(0));
    return None.NONE;
  }

  private static Object clear(StarlarkThread thread, StarlarkList self, BoundArguments arguments)
      throws EvalError {
    self.clear();
    return None.NONE;
  }

  private static Object extend(StarlarkThread thread, StarlarkList self, BoundArguments arguments)
      throws EvalError {
    Object[] added = Elements.toArray(thread, arguments.at(0));
    thread.allocate(added.length, 8);
    self.addAll(added);
    return None.NONE;
  }

  private static Object index(StarlarkThread thread, StarlarkList self, BoundArguments arguments)
      throws EvalError, InterruptedException {
    int start = Indexing.clamp(arguments.find(1), self.size(), 0);
    int end = Indexing.clamp(arguments.find(2), self.size(), self.size());
    int found = indexOf(thread, self, arguments.at(0), start, end);
    if (found < 0) {
      throw absent(arguments.at(0));
    }
    return (long) found;
  }

  private static Object insert(StarlarkThread thread, StarlarkList self, BoundArguments arguments)
      throws EvalError, InterruptedException {
    int index = Indexing.clamp(arguments.at(0), self.size(), 0);
    thread.allocate(48);
    thread.work((self.size() - index) >> 6);
    self.insert(index, arguments.at(1));
    return None.NONE;
  }

  private static Object pop(StarlarkThread thread, StarlarkList self, BoundArguments arguments)
      throws EvalError, InterruptedException {
    if (self.size() == 0) {
      throw new EvalError("cannot pop from an empty list");
    }
    int index = Indexing.index(arguments.at(0), self.size(), "list");
    thread.work((self.size() - index) >> 6);
    return self.remove(index);
  }

  private static Object remove(StarlarkThread thread, StarlarkList self, BoundArguments arguments)
      throws EvalError, InterruptedException {
    int found = indexOf(thread, self, arguments.at(0), 0, self.size());
    if (found < 0) {
      throw absent(arguments.at(0));
    }
    self.remove(found);
    return None.NONE;
  }

  private static int indexOf(StarlarkThread thread, StarlarkList list, Object x, int from, int to)
      throws EvalError, InterruptedException {
    for (int i = from; i < to; i++) {
      thread.step();
      if (Equality.equal(thread, list.get(i), x)) {
        return i;
      }
    }
    return -1;
  }

  private static EvalError absent(Object x) throws EvalError {
    return new EvalError("the list does not contain " + Starlark.repr(x));
  }
}
