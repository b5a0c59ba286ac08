package dev.athanor.engine.starlark.value;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An immutable sequence of values, which may themselves be mutable.
public final class Tuple implements Sequence {
  public static final Tuple EMPTY = new Tuple(new Object[0]);

  private final Object[] elements;

  /// The hash once it is known, else zero: what is hashable never changes.
  private int hash;

  /// Set once the elements have been seen to be immutable, which they then remain.
  private boolean immutable;

  private Tuple(Object[] elements) {
    this.elements = elements;
  }

  public static Tuple of(Object... elements) {
    return wrap(elements.clone());
  }

  /// A tuple of the elements of an array that nobody will change.
  public static Tuple wrap(Object[] elements) {
    return elements.length == 0 ? EMPTY : new Tuple(elements);
  }

  @Override
  public String type() {
    return "tuple";
  }

  @Override
  public int size() {
    return elements.length;
  }

  @Override
  public Object get(int index) {
    return elements[index];
  }

  public Object[] toArray() {
    return elements.clone();
  }

  static Tuple concat(Tuple a, Tuple b) {
    Object[] result = Arrays.copyOf(a.elements, a.size() + b.size());
    System.arraycopy(b.elements, 0, result, a.size(), b.size());
    return wrap(result);
  }

  @Override
  public boolean isImmutable() {
    if (!immutable) {
      for (Object element : elements) {
        if (!Starlark.isImmutable(element)) {
          return false;
        }
      }
      immutable = true;
    }
    return true;
  }

  int hash(Equality equality) throws EvalError {
    if (hash == 0) {
      hash = equality.hashOfSequence(this);
    }
    return hash;
  }

  @Override
  public void repr(Printer printer) {
    printer.list("(", Arrays.asList(elements), elements.length == 1 ? ",)" : ")");
  }

  @Override
  public boolean equals(@Nullable Object that) {
    return Equality.unchecked(this, that);
  }

  @Override
  public int hashCode() {
    return Equality.uncheckedHash(this);
  }

  @Override
  public String toString() {
    return new Printer().repr(this).toString();
  }
}
