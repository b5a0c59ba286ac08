package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.MethodTable;
import dev.athanor.engine.starlark.value.Mutability;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.Signature;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkSet;
import dev.athanor.engine.starlark.value.StarlarkThread;
import java.util.Arrays;

/// The methods of sets.
final class SetMethods {
  private static final Signature NONE = Signature.positional("");
  private static final Signature ONE = Signature.positional("x");
  private static final Signature OTHERS = Signature.positional("*others");

  static final MethodTable<StarlarkSet> TABLE =
      new MethodTable<StarlarkSet>()
          .add("add", ONE, SetMethods::add)
          .add("clear", NONE, SetMethods::clear)
          .add("difference", OTHERS, copying(StarlarkSet::removeAll))
          .add("difference_update", OTHERS, updating(StarlarkSet::removeAll))
          .add("discard", ONE, SetMethods::discard)
          .add("intersection", OTHERS, copying(StarlarkSet::retainAll))
          .add("intersection_update", OTHERS, updating(StarlarkSet::retainAll))
          .add("isdisjoint", ONE, SetMethods::isdisjoint)
          .add("issubset", ONE, SetMethods::issubset)
          .add("issuperset", ONE, SetMethods::issuperset)
          .add("pop", NONE, SetMethods::pop)
          .add("remove", ONE, SetMethods::remove)
          .add("symmetric_difference", ONE, SetMethods::symmetricDifference)
          .add("symmetric_difference_update", ONE, SetMethods::symmetricDifferenceUpdate)
          .add("union", OTHERS, copying(StarlarkSet::addAll))
          .add("update", OTHERS, updating(StarlarkSet::addAll));

  /// Changes the first set by the second.
  private interface Change {
    void apply(StarlarkSet self, StarlarkSet other) throws EvalError;
  }

  private SetMethods() {}

  private static MethodTable.Body<StarlarkSet> copying(Change change) {
    return (thread, self, arguments) -> {
      thread.allocate(self.size(), 48);
      StarlarkSet result = self.copy(thread.mutability());
      applyAll(thread, change, result, arguments);
      return result;
    };
  }

  private static MethodTable.Body<StarlarkSet> updating(Change change) {
    return (thread, self, arguments) -> {
      applyAll(thread, change, self, arguments);
      return None.NONE;
    };
  }

  private static void applyAll(
      StarlarkThread thread, Change change, StarlarkSet self, BoundArguments arguments)
      throws EvalError {
    for (Object other : arguments.args()) {
      change.apply(self, toSet(thread, other));
    }
  }

  /// An iterable as a set.
  static StarlarkSet toSet(StarlarkThread thread, Object x) throws EvalError {
    if (x instanceof StarlarkSet set) {
      return set;
    }
    Object[] elements = Elements.toArray(thread, x);
    thread.allocate(elements.length, 48);
    return StarlarkSet.copyOf(Mutability.IMMUTABLE, Arrays.asList(elements));
  }

  private static Object add(StarlarkThread thread, StarlarkSet self, BoundArguments arguments)
      throws EvalError {
    thread.allocate(48);
    self.add(arguments.at(0));
    return None.NONE;
  }

  private static Object clear(StarlarkThread thread, StarlarkSet self, BoundArguments arguments)
      throws EvalError {
    self.clear();
    return None.NONE;
  }

  private static Object discard(StarlarkThread thread, StarlarkSet self, BoundArguments arguments)
      throws EvalError {
    self.remove(arguments.at(0));
    return None.NONE;
  }

  private static Object remove(StarlarkThread thread, StarlarkSet self, BoundArguments arguments)
      throws EvalError {
    if (!self.remove(arguments.at(0))) {
      throw new EvalError("the set does not contain " + Starlark.repr(arguments.at(0)));
    }
    return None.NONE;
  }

  private static Object pop(StarlarkThread thread, StarlarkSet self, BoundArguments arguments)
      throws EvalError {
    return self.removeFirst();
  }

  private static Object isdisjoint(
      StarlarkThread thread, StarlarkSet self, BoundArguments arguments) throws EvalError {
    for (Object element : toSet(thread, arguments.at(0))) {
      if (self.contains(element)) {
        return false;
      }
    }
    return true;
  }

  private static Object issubset(StarlarkThread thread, StarlarkSet self, BoundArguments arguments)
      throws EvalError {
    return containsAll(toSet(thread, arguments.at(0)), self);
  }

  private static Object issuperset(
      StarlarkThread thread, StarlarkSet self, BoundArguments arguments) throws EvalError {
    return containsAll(self, toSet(thread, arguments.at(0)));
  }

  private static boolean containsAll(StarlarkSet set, StarlarkSet elements) throws EvalError {
    for (Object element : elements) {
      if (!set.contains(element)) {
        return false;
      }
    }
    return true;
  }

  private static Object symmetricDifference(
      StarlarkThread thread, StarlarkSet self, BoundArguments arguments) throws EvalError {
    thread.allocate(self.size(), 48);
    StarlarkSet result = self.copy(thread.mutability());
    result.toggleAll(toSet(thread, arguments.at(0)));
    return result;
  }

  private static Object symmetricDifferenceUpdate(
      StarlarkThread thread, StarlarkSet self, BoundArguments arguments) throws EvalError {
    self.toggleAll(toSet(thread, arguments.at(0)));
    return None.NONE;
  }
}
