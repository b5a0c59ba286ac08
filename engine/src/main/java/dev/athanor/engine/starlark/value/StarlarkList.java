package dev.athanor.engine.starlark.value;

import java.util.Arrays;
import java.util.Collection;

/// A mutable sequence of values.
public final class StarlarkList extends MutableCollection implements Sequence, SettableIndex {
  private static final Object[] NOTHING = new Object[0];

  private Object[] elements;
  private int size;

  private StarlarkList(Mutability mutability, Object[] elements, int size) {
    super(mutability);
    this.elements = elements;
    this.size = size;
  }

  public static StarlarkList create(Mutability mutability) {
    return new StarlarkList(mutability, NOTHING, 0);
  }

  public static StarlarkList copyOf(Mutability mutability, Collection<?> elements) {
    return wrap(mutability, elements.toArray());
  }

  /// A list that never changes.
  public static StarlarkList immutable(Collection<?> elements) {
    return copyOf(Mutability.IMMUTABLE, elements);
  }

  /// A list of the elements of an array that nobody else will use.
  public static StarlarkList wrap(Mutability mutability, Object[] elements) {
    return new StarlarkList(mutability, elements, elements.length);
  }

  @Override
  public String type() {
    return "list";
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Object get(int index) {
    if (index >= size) {
      throw new IndexOutOfBoundsException(index);
    }
    return elements[index];
  }

  public Object[] toArray() {
    return Arrays.copyOf(elements, size);
  }

  public void add(Object element) throws EvalError {
    checkMutable();
    grow(1);
    elements[size++] = element;
  }

  public void addAll(Object[] added) throws EvalError {
    checkMutable();
    grow(added.length);
    System.arraycopy(added, 0, elements, size, added.length);
    size += added.length;
  }

  public void insert(int index, Object element) throws EvalError {
    checkMutable();
    grow(1);
    System.arraycopy(elements, index, elements, index + 1, size - index);
    elements[index] = element;
    size++;
  }

  public Object remove(int index) throws EvalError {
    checkMutable();
    Object removed = get(index);
    System.arraycopy(elements, index + 1, elements, index, size - index - 1);
    elements[--size] = None.NONE;
    return removed;
  }

  public void clear() throws EvalError {
    checkMutable();
    elements = NOTHING;
    size = 0;
  }

  @Override
  public void setIndex(Object key, Object value) throws EvalError {
    checkMutable();
    elements[Indexing.index(key, size, "list")] = value;
  }

  private void grow(int added) throws EvalError {
    if (size + added > elements.length) {
      if ((long) size + added > Integer.MAX_VALUE - 8) {
        throw new EvalError("a list cannot have more than " + Integer.MAX_VALUE + " elements");
      }
      int capacity = (int) Math.min(Integer.MAX_VALUE - 8, size + (size >> 1) + 4L);
      elements = Arrays.copyOf(elements, Math.max(size + added, capacity));
    }
  }

  @Override
  public Object slice(int start, int count, int step, Mutability mutability) {
    if (step == 1) {
      return wrap(mutability, Arrays.copyOfRange(elements, start, start + count));
    }
    Object[] result = new Object[count];
    for (int i = 0; i < count; i++) {
      result[i] = elements[start + i * step];
    }
    return wrap(mutability, result);
  }

  @Override
  public void repr(Printer printer) {
    printer.list("[", Arrays.asList(elements).subList(0, size), "]");
  }
}
