package dev.athanor.engine.starlark.value;

import java.math.BigInteger;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// Equality and hashing of values.
///
/// `1 == 1.0` holds, inside collections too, so these are not the methods of [Object] for plain
/// numbers. Values that are nested very deeply, or are cyclic, are an error rather than a loop: an
/// instance follows one comparison through nested values ([Composite]).
public final class Equality {
  private static final int MAX_DEPTH = 200;
  private static final int MAX_COMPARISONS = 5_000_000;

  private int depth;
  private int comparisons;

  private Equality() {}

  @SuppressWarnings("ReferenceEquality") // a short way
  public static boolean equal(Object x, Object y) throws EvalError {
    if (x == y) {
      return true;
    }
    if (x instanceof String || x instanceof Boolean) {
      return x.equals(y);
    }
    return new Equality().same(x, y);
  }

  /// The same, counting the work as steps of the thread.
  public static boolean equal(StarlarkThread thread, Object x, Object y)
      throws EvalError, InterruptedException {
    if (x instanceof String s) {
      thread.work(y instanceof String t && t.length() == s.length() ? s.length() >> 6 : 0);
      return x.equals(y);
    }
    Equality equality = new Equality();
    boolean result = equality.same(x, y);
    thread.work(equality.comparisons + (x instanceof Bytes b ? b.size() >> 6 : 0));
    return result;
  }

  /// A hash that equal values share.
  ///
  /// @throws EvalError if the value is not hashable
  public static int hash(Object x) throws EvalError {
    return x instanceof String s ? s.hashCode() : new Equality().hashOf(x);
  }

  /// Compares parts of the values that are being compared.
  @SuppressWarnings("ReferenceEquality") // a short way
  public boolean same(Object x, Object y) throws EvalError {
    count();
    if (x == y) {
      return true;
    }
    return switch (x) {
      case Long _, BigInteger _, Double _ -> isNumber(y) && Floats.compare(x, y) == 0;
      case Tuple a -> y instanceof Tuple b && sameSequences(a, b);
      case StarlarkList a -> y instanceof StarlarkList b && sameSequences(a, b);
      case Dict a -> y instanceof Dict b && sameDicts(a, b);
      case StarlarkSet a -> y instanceof StarlarkSet b && sameSets(a, b);
      case Composite a -> y instanceof Composite b && sameParts(a, b);
      default -> x.equals(y);
    };
  }

  /// [Object#equals] for values, whose methods cannot fail with an [EvalError].
  public static boolean unchecked(Object x, @Nullable Object y) {
    try {
      return y instanceof Value && equal(x, y);
    } catch (EvalError e) {
      throw new IllegalStateException(e);
    }
  }

  /// [Object#hashCode] for values.
  public static int uncheckedHash(Object x) {
    try {
      return hash(x);
    } catch (EvalError e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean sameParts(Composite a, Composite b) throws EvalError {
    enter();
    boolean result = a.sameAs(b, this);
    depth--;
    return result;
  }

  private static boolean isNumber(Object x) {
    return x instanceof Long || x instanceof Double || x instanceof BigInteger;
  }

  private boolean sameSequences(Sequence a, Sequence b) throws EvalError {
    int size = a.size();
    if (size != b.size()) {
      return false;
    }
    enter();
    for (int i = 0; i < size; i++) {
      if (!same(a.get(i), b.get(i))) {
        return false;
      }
    }
    depth--;
    return true;
  }

  private boolean sameDicts(Dict a, Dict b) throws EvalError {
    if (a.size() != b.size()) {
      return false;
    }
    enter();
    Iterator<Object> keys = a.iterator();
    while (keys.hasNext()) {
      Object key = keys.next();
      Object value = b.get(key);
      if (value == null || !same(a.getExisting(key), value)) {
        return false;
      }
    }
    depth--;
    return true;
  }

  private static boolean sameSets(StarlarkSet a, StarlarkSet b) throws EvalError {
    if (a.size() != b.size()) {
      return false;
    }
    for (Object element : a) {
      if (!b.contains(element)) {
        return false;
      }
    }
    return true;
  }

  /// The hash of a part of the value that is being hashed.
  public int hashOf(Object x) throws EvalError {
    count();
    return switch (x) {
      case Double d -> Floats.hash(d);
      case Tuple tuple -> tuple.hash(this);
      case Composite composite -> {
        enter();
        int hash = composite.hash(this);
        depth--;
        yield hash;
      }
      case StarlarkList list when list.isImmutable() -> hashOfSequence(list);
      case Dict dict when dict.isImmutable() -> dict.size() + 3;
      case StarlarkSet set when set.isImmutable() -> set.size() + 4;
      case Value value when !value.isHashable() ->
          throw new EvalError("unhashable type: '" + value.type() + "'");
      default -> x.hashCode();
    };
  }

  int hashOfSequence(Sequence sequence) throws EvalError {
    int size = sequence.size();
    enter();
    int hash = 1;
    for (int i = 0; i < size; i++) {
      hash = hash * 31 + hashOf(sequence.get(i));
    }
    depth--;
    return hash;
  }

  private void enter() throws EvalError {
    if (++depth > MAX_DEPTH) {
      throw new EvalError("these values are too deeply nested to compare");
    }
  }

  private void count() throws EvalError {
    if (++comparisons > MAX_COMPARISONS) {
      throw new EvalError("these values are too large to compare");
    }
  }
}
