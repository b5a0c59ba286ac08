package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.Arguments;
import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Ordering;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkList;
import dev.athanor.engine.starlark.value.StarlarkThread;
import dev.athanor.engine.starlark.value.Tuple;

/// `sorted`, `min` and `max`.
final class Sorting {
  /// An element and what it is sorted by.
  private record Item(Object key, Object element) {}

  private Sorting() {}

  static Object sorted(StarlarkThread thread, BoundArguments arguments)
      throws EvalError, InterruptedException {
    Object[] elements = Elements.toArray(thread, arguments.at(0));
    int direction = arguments.bool("reverse") ? -1 : 1;
    Item[] items = items(thread, elements, arguments);
    thread.allocate(items.length, 16);
    sort(thread, items, new Item[items.length], 0, items.length, direction);
    for (int i = 0; i < items.length; i++) {
      elements[i] = items[i].element();
    }
    return StarlarkList.wrap(thread.mutability(), elements);
  }

  /// Calls the key function once for each element, in order.
  private static Item[] items(StarlarkThread thread, Object[] elements, BoundArguments arguments)
      throws EvalError, InterruptedException {
    thread.allocate(elements.length, 24);
    boolean keyed = arguments.has("key");
    Item[] items = new Item[elements.length];
    for (int i = 0; i < items.length; i++) {
      Object element = elements[i];
      Object key =
          keyed ? thread.call(arguments.get("key"), Arguments.positional(element)) : element;
      items[i] = new Item(key, element);
    }
    return items;
  }

  /// Merge sort: stable, and content with any order, even an inconsistent one of a host.
  private static void sort(
      StarlarkThread thread, Item[] items, Item[] buffer, int from, int to, int direction)
      throws EvalError, InterruptedException {
    if (to - from < 2) {
      return;
    }
    int middle = (from + to) >>> 1;
    sort(thread, items, buffer, from, middle, direction);
    sort(thread, items, buffer, middle, to, direction);
    if (compare(thread, items[middle - 1], items[middle], direction) <= 0) {
      return;
    }
    System.arraycopy(items, from, buffer, from, to - from);
    int left = from;
    int right = middle;
    for (int i = from; i < to; i++) {
      boolean takeLeft =
          right == to
              || (left < middle && compare(thread, buffer[left], buffer[right], direction) <= 0);
      items[i] = buffer[takeLeft ? left++ : right++];
    }
  }

  private static int compare(StarlarkThread thread, Item a, Item b, int direction)
      throws EvalError, InterruptedException {
    thread.work(1 + (Math.max(0, Starlark.size(a.key())) >> 4));
    return Ordering.compare(a.key(), b.key()) * direction;
  }

  static Object max(StarlarkThread thread, BoundArguments arguments)
      throws EvalError, InterruptedException {
    return extreme(thread, "max", arguments, 1);
  }

  static Object min(StarlarkThread thread, BoundArguments arguments)
      throws EvalError, InterruptedException {
    return extreme(thread, "min", arguments, -1);
  }

  private static Object extreme(
      StarlarkThread thread, String name, BoundArguments arguments, int direction)
      throws EvalError, InterruptedException {
    Tuple args = arguments.args();
    if (args.size() == 0) {
      throw new EvalError(name + "() needs at least one argument");
    }
    Object[] elements = Elements.toArray(thread, args.size() == 1 ? args.get(0) : args);
    if (elements.length == 0) {
      throw new EvalError(name + "() of an empty sequence");
    }
    Item[] items = items(thread, elements, arguments);
    Item best = items[0];
    for (Item item : items) {
      if (compare(thread, item, best, direction) > 0) {
        best = item;
      }
    }
    return best.element();
  }
}
