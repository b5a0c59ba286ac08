package dev.athanor.engine.starlark.value;

import java.util.Iterator;
import java.util.NoSuchElementException;

/// A value with elements that are numbered from zero.
public interface Sequence extends StarlarkIterable, Sized {
  /// The element at an index from zero to below [#size].
  Object get(int index);

  /// The `size` elements from `start` on, `step` apart, all of which exist.
  default Object slice(int start, int size, int step, Mutability mutability) {
    Object[] elements = new Object[size];
    for (int i = 0; i < size; i++) {
      elements[i] = get(start + i * step);
    }
    return Tuple.wrap(elements);
  }

  @Override
  default Iterator<Object> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < size();
      }

      @Override
      public Object next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return get(next++);
      }
    };
  }
}
