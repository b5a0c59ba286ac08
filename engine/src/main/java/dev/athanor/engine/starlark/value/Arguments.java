package dev.athanor.engine.starlark.value;

import java.util.List;
import java.util.Map;

/// The arguments of a call, evaluated. Whoever makes one gives its arrays away.
public final class Arguments {
  private static final Object[] NO_VALUES = new Object[0];
  private static final String[] NO_NAMES = new String[0];

  final Object[] positional;
  final String[] names;
  final Object[] named;

  private Arguments(Object[] positional, String[] names, Object[] named) {
    this.positional = positional;
    this.names = names;
    this.named = named;
  }

  public static Arguments positional(Object... values) {
    return new Arguments(values, NO_NAMES, NO_VALUES);
  }

  /// The names are distinct, and each belongs to the value at the same index of `named`.
  public static Arguments of(Object[] positional, String[] names, Object[] named) {
    return new Arguments(positional, names, named);
  }

  public static Arguments of(List<?> positional, Map<String, ?> named) {
    return new Arguments(
        positional.toArray(), named.keySet().toArray(NO_NAMES), named.values().toArray());
  }
}
