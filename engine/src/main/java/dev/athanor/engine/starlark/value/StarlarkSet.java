package dev.athanor.engine.starlark.value;

import java.util.Arrays;
import java.util.Iterator;

/// A mutable collection of distinct values that keeps the order of insertion.
public final class StarlarkSet extends MutableCollection implements Indexable {
  private final OrderedTable table;

  private StarlarkSet(Mutability mutability, OrderedTable table) {
    super(mutability);
    this.table = table;
  }

  public static StarlarkSet create(Mutability mutability) {
    return new StarlarkSet(mutability, new OrderedTable());
  }

  public static StarlarkSet copyOf(Mutability mutability, Iterable<?> elements) throws EvalError {
    StarlarkSet set = create(mutability);
    for (Object element : elements) {
      set.table.put(element, true);
    }
    return set;
  }

  public StarlarkSet copy(Mutability mutability) {
    return new StarlarkSet(mutability, table.copy());
  }

  @Override
  public String type() {
    return "set";
  }

  @Override
  public int size() {
    return table.size();
  }

  @Override
  public boolean contains(Object element) throws EvalError {
    return table.contains(element);
  }

  @Override
  public Object index(Object key) throws EvalError {
    throw new EvalError("'set' value cannot be indexed");
  }

  /// Adds an element, and says whether it was absent.
  public boolean add(Object element) throws EvalError {
    checkMutable();
    return table.put(element, true);
  }

  /// Removes an element, and says whether it was present.
  public boolean remove(Object element) throws EvalError {
    checkMutable();
    return table.remove(element) != null;
  }

  /// Removes and returns the element that was inserted first.
  public Object removeFirst() throws EvalError {
    checkMutable();
    if (size() == 0) {
      throw new EvalError("the set is empty");
    }
    Object element = table.firstKey();
    table.remove(element);
    return element;
  }

  public void clear() throws EvalError {
    checkMutable();
    table.clear();
  }

  public void addAll(StarlarkSet that) throws EvalError {
    checkMutable();
    for (Object element : that.toArray()) {
      table.put(element, true);
    }
  }

  public void removeAll(StarlarkSet that) throws EvalError {
    checkMutable();
    for (Object element : that.toArray()) {
      table.remove(element);
    }
  }

  public void retainAll(StarlarkSet that) throws EvalError {
    checkMutable();
    for (Object element : toArray()) {
      if (!that.contains(element)) {
        table.remove(element);
      }
    }
  }

  /// Removes the elements that both have, and adds those that only `that` has.
  public void toggleAll(StarlarkSet that) throws EvalError {
    checkMutable();
    for (Object element : that.toArray()) {
      if (table.remove(element) == null) {
        table.put(element, true);
      }
    }
  }

  @Override
  public Iterator<Object> iterator() {
    return table.iterator();
  }

  public Object[] toArray() {
    return table.keyArray();
  }

  @Override
  public void repr(Printer printer) {
    if (size() == 0) {
      printer.append("set()");
    } else {
      printer.list("set([", Arrays.asList(toArray()), "])");
    }
  }
}
