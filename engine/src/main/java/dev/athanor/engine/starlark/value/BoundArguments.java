package dev.athanor.engine.starlark.value;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The arguments of a function in Java, by parameter. The typed accessors fail with a message that
/// names the function and the parameter.
public final class BoundArguments {
  private final String function;
  private final Signature signature;
  private final @Nullable Object[] slots;

  BoundArguments(String function, Signature signature, @Nullable Object[] slots) {
    this.function = function;
    this.signature = signature;
    this.slots = slots;
  }

  /// Whether the parameter has a value other than None.
  public boolean has(String name) {
    Object value = slots[slot(name)];
    return value != null && value != None.NONE;
  }

  /// The value of a parameter by its number.
  public Object at(int slot) {
    Object value = slots[slot];
    if (value == null) {
      throw new IllegalStateException("parameter " + slot + " has no value");
    }
    return value;
  }

  /// The value of a parameter by its number, or null if it has none.
  public @Nullable Object find(int slot) {
    return slots[slot];
  }

  public Object get(String name) {
    return at(slot(name));
  }

  /// The value, or null if the parameter has none.
  public @Nullable Object find(String name) {
    return slots[slot(name)];
  }

  /// The value as a `T`, which messages call `type`.
  public <T> T get(String name, Class<T> type, String typeName) throws EvalError {
    Object value = get(name);
    if (!type.isInstance(value)) {
      throw wrongType(name, typeName, value);
    }
    return type.cast(value);
  }

  /// The value as a `T`, or nothing if it is None or absent.
  public <T> Optional<T> optional(String name, Class<T> type, String typeName) throws EvalError {
    return has(name) ? Optional.of(get(name, type, typeName)) : Optional.empty();
  }

  public String string(String name) throws EvalError {
    return get(name) instanceof String s ? s : get(name, String.class, "string");
  }

  public boolean bool(String name) throws EvalError {
    return get(name, Boolean.class, "bool");
  }

  /// An integer of 32 bits.
  public int integer(String name) throws EvalError {
    Object value = get(name);
    Integer result = Ints.toInt(value);
    if (result == null) {
      if (Ints.isInt(value)) {
        throw new EvalError(function + "() parameter '" + name + "' is out of range: " + value);
      }
      throw wrongType(name, "int", value);
    }
    return result;
  }

  public Dict dict(String name) throws EvalError {
    return get(name, Dict.class, "dict");
  }

  public Callable callable(String name) throws EvalError {
    return get(name, Callable.class, "function");
  }

  /// The elements of a list or tuple, all of which are a `T`.
  public <T> List<T> elements(String name, Class<T> type, String typeName) throws EvalError {
    List<T> result = new ArrayList<>();
    for (Object element : get(name, Sequence.class, "list")) {
      if (!type.isInstance(element)) {
        throw wrongElement(name, typeName, element);
      }
      result.add(type.cast(element));
    }
    return result;
  }

  public List<String> strings(String name) throws EvalError {
    return elements(name, String.class, "string");
  }

  /// A dict from strings to a `T`.
  public <T> Map<String, T> map(String name, Class<T> type, String typeName) throws EvalError {
    Map<String, T> result = new LinkedHashMap<>();
    Dict dict = dict(name);
    for (Object key : dict) {
      if (!(key instanceof String s)) {
        throw wrongElement(name, "string", key);
      }
      Object value = dict.getExisting(key);
      if (!type.isInstance(value)) {
        throw wrongElement(name, typeName, value);
      }
      result.put(s, type.cast(value));
    }
    return result;
  }

  /// The surplus positional arguments.
  public Tuple args() {
    return (Tuple) at(signature.argsSlot());
  }

  /// The surplus named arguments.
  public Dict kwargs() {
    return (Dict) at(signature.kwargsSlot());
  }

  /// The surplus named arguments, for Java.
  public Map<String, Object> kwargsMap() {
    Map<String, Object> result = new LinkedHashMap<>();
    kwargs().toMap().forEach((key, value) -> result.put((String) key, value));
    return result;
  }

  /// An error about the value of a parameter.
  public EvalError invalid(String name, String problem) {
    return new EvalError(function + "() parameter '" + name + "': " + problem);
  }

  private EvalError wrongType(String name, String wanted, Object value) {
    return new EvalError(
        function
            + "() parameter '"
            + name
            + "' must be of type '"
            + wanted
            + "', not '"
            + Starlark.type(value)
            + "'");
  }

  private EvalError wrongElement(String name, String wanted, Object value) {
    return new EvalError(
        function
            + "() parameter '"
            + name
            + "' must hold only values of type '"
            + wanted
            + "', not '"
            + Starlark.type(value)
            + "'");
  }

  private int slot(String name) {
    int slot = signature.slot(name);
    if (slot < 0) {
      throw new IllegalArgumentException(function + " has no parameter " + name);
    }
    return slot;
  }
}
