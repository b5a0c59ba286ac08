package dev.athanor.engine.starlark.value;

import org.jspecify.annotations.Nullable;

/// `x[i]`, `x[i:j:k]` and `x[i] = y`.
public final class Indexing {
  private Indexing() {}

  public static Object get(Object x, Object key) throws EvalError {
    return switch (x) {
      case StarlarkList list -> list.get(index(key, list.size(), "list"));
      case Dict dict -> dict.index(key);
      case String s -> {
        int i = index(key, s.length(), "string");
        yield s.substring(i, i + 1);
      }
      case Indexable indexable -> indexable.index(key);
      case Sequence sequence -> sequence.get(index(key, sequence.size(), sequence.type()));
      default -> throw new EvalError("'" + Starlark.type(x) + "' value cannot be indexed");
    };
  }

  public static void set(Object x, Object key, Object value) throws EvalError {
    if (!(x instanceof SettableIndex target)) {
      throw new EvalError("cannot assign to an element of a '" + Starlark.type(x) + "' value");
    }
    target.setIndex(key, value);
  }

  /// The offset that an index denotes: negative ones count from the end.
  public static int index(Object key, int size, String type) throws EvalError {
    if (!Ints.isInt(key)) {
      throw new EvalError(
          "the index of a " + type + " must be an int, not '" + Starlark.type(key) + "'");
    }
    if (key instanceof Long n) {
      long index = n < 0 ? n + size : n;
      if (index >= 0 && index < size) {
        return (int) index;
      }
    }
    throw new EvalError(
        "index "
            + key
            + " is out of range: the "
            + type
            + " has "
            + size
            + (size == 1 ? " element" : " elements"));
  }

  /// A start or end of a range: negative ones count from the end, and all are brought into range.
  public static int clamp(@Nullable Object key, int size, int absent) throws EvalError {
    if (key == null || key == None.NONE) {
      return absent;
    }
    return clamp(integer(key), size, 0, size);
  }

  private static int clamp(int index, int size, int low, int high) {
    long absolute = index < 0 ? (long) index + size : index;
    return Math.clamp(absolute, low, high);
  }

  private static int integer(Object key) throws EvalError {
    if (!Ints.isInt(key)) {
      throw new EvalError("an index must be an int or None, not '" + Starlark.type(key) + "'");
    }
    return Ints.clamp(key);
  }

  /// `x[start:stop:step]`, where None means absent.
  public static Object slice(
      StarlarkThread thread, Object x, Object start, Object stop, Object step) throws EvalError {
    int stride = step == None.NONE ? 1 : integer(step);
    if (stride == 0) {
      throw new EvalError("the step of a slice cannot be zero");
    }
    int size = Starlark.size(x);
    if (!(x instanceof String || x instanceof Sequence || x instanceof Bytes)) {
      throw new EvalError("'" + Starlark.type(x) + "' value cannot be sliced");
    }
    int low = stride > 0 ? 0 : -1;
    int high = stride > 0 ? size : size - 1;
    int from =
        start == None.NONE ? (stride > 0 ? 0 : high) : clamp(integer(start), size, low, high);
    int to = stop == None.NONE ? (stride > 0 ? high : -1) : clamp(integer(stop), size, low, high);
    int count = count(from, to, stride);
    thread.allocate(count, x instanceof Sequence ? 8 : 1);
    return switch (x) {
      case String s -> substring(s, from, count, stride);
      case Bytes bytes -> bytes.slice(from, count, stride);
      default -> ((Sequence) x).slice(from, count, stride, thread.mutability());
    };
  }

  private static int count(int from, int to, int stride) {
    long distance = stride > 0 ? (long) to - from : (long) from - to;
    long absolute = Math.abs((long) stride);
    return distance <= 0 ? 0 : (int) ((distance + absolute - 1) / absolute);
  }

  private static String substring(String s, int from, int count, int stride) {
    if (stride == 1) {
      return s.substring(from, from + count);
    }
    StringBuilder out = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      out.append(s.charAt(from + i * stride));
    }
    return out.toString();
  }
}
