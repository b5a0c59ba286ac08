package dev.athanor.engine.starlark.value;

import dev.athanor.engine.starlark.syntax.BinaryOperator;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The operations that every value has.
public final class Starlark {
  private Starlark() {}

  /// What `type(x)` returns.
  public static String type(Object x) {
    return switch (x) {
      case Value value -> value.type();
      case String _ -> "string";
      case Boolean _ -> "bool";
      case Long _, BigInteger _ -> "int";
      case Double _ -> "float";
      default -> throw notAValue(x);
    };
  }

  public static boolean truth(Object x) {
    return switch (x) {
      case Boolean b -> b;
      case Value value -> value.truth();
      case String s -> !s.isEmpty();
      case Long n -> n != 0;
      case Double d -> d != 0;
      case BigInteger n -> n.signum() != 0;
      default -> throw notAValue(x);
    };
  }

  public static String str(Object x) throws EvalError {
    return x instanceof String s ? s : new Printer().str(x).toText();
  }

  public static String repr(Object x) throws EvalError {
    return new Printer().repr(x).toText();
  }

  /// Whether nothing reachable from the value can change any more.
  public static boolean isImmutable(Object x) {
    return !(x instanceof Value value) || value.isImmutable();
  }

  /// The length, or -1 if the value has none.
  public static int size(Object x) {
    return switch (x) {
      case String s -> s.length();
      case Sized sized -> sized.size();
      default -> -1;
    };
  }

  /// The value as something to iterate over.
  public static StarlarkIterable iterable(Object x) throws EvalError {
    if (x instanceof StarlarkIterable iterable) {
      return iterable;
    }
    String hint = x instanceof String ? " (use .elems() to iterate over its characters)" : "";
    throw new EvalError("'" + type(x) + "' value is not iterable" + hint);
  }

  /// A snapshot of the elements of an iterable.
  public static Object[] toArray(Object x) throws EvalError {
    StarlarkIterable iterable = iterable(x);
    if (iterable instanceof StarlarkList list) {
      return list.toArray();
    }
    if (iterable instanceof Tuple tuple) {
      return tuple.toArray();
    }
    List<Object> elements = new ArrayList<>();
    for (Object element : iterable) {
      elements.add(element);
    }
    return elements.toArray();
  }

  /// `key in container`.
  public static boolean contains(StarlarkThread thread, Object container, Object key)
      throws EvalError, InterruptedException {
    return switch (container) {
      case String s when key instanceof String part -> {
        thread.work(s.length() >> 6);
        yield Strings.indexOf(s, part, 0) >= 0;
      }
      case String _ ->
          throw new EvalError(
              "'in <string>' needs a string as left operand, not '" + type(key) + "'");
      case Bytes bytes -> {
        thread.work(bytes.size() >> 4);
        yield bytes.contains(key);
      }
      case Indexable indexable -> indexable.contains(key);
      case StarlarkIterable iterable -> isElement(thread, iterable, key);
      default -> throw Operators.unsupported(BinaryOperator.IN, key, container);
    };
  }

  private static boolean isElement(StarlarkThread thread, StarlarkIterable iterable, Object x)
      throws EvalError, InterruptedException {
    for (Object element : iterable) {
      thread.step();
      if (Equality.equal(thread, element, x)) {
        return true;
      }
    }
    return false;
  }

  /// The Starlark value for a Java object: nulls, numbers, strings, lists, maps and values.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Object fromJava(@Nullable Object x, Mutability mutability) throws EvalError {
    return switch (x) {
      case null -> None.NONE;
      case Value value -> value;
      case String s -> s;
      case Boolean b -> b;
      case Long n -> n;
      case Integer n -> n.longValue();
      case Double d -> d;
      case Float f -> f.doubleValue();
      case BigInteger n -> Ints.of(n);
      case Map<?, ?> map -> {
        Dict dict = Dict.create(mutability);
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          dict.putUnchecked(
              fromJava(entry.getKey(), mutability), fromJava(entry.getValue(), mutability));
        }
        yield dict;
      }
      case Iterable<?> elements -> {
        List<Object> converted = new ArrayList<>();
        for (Object element : elements) {
          converted.add(fromJava(element, mutability));
        }
        yield StarlarkList.copyOf(mutability, converted);
      }
      default -> throw notAValue(x);
    };
  }

  private static IllegalArgumentException notAValue(Object x) {
    return new IllegalArgumentException("not a Starlark value: " + x.getClass().getName());
  }
}
