package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.Equality;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.HasFields;
import dev.athanor.engine.starlark.value.Printer;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.Value;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An immutable value with named fields, in the order of their names.
public final class Struct implements HasFields {
  /// The function `struct(**fields)`.
  public static final Builtin CONSTRUCTOR =
      Builtin.of(
          "struct",
          "**fields",
          (thread, arguments) -> {
            Map<String, Object> fields = arguments.kwargsMap();
            thread.allocate(fields.size(), 48);
            return of("struct", fields);
          });

  private final String name;
  private final Map<String, Object> fields;

  private Struct(String name, Map<String, ?> fields) {
    this.name = name;
    this.fields = new TreeMap<>(fields);
  }

  public static Struct of(Map<String, ?> fields) {
    return of("struct", fields);
  }

  /// A struct that `repr` shows under another name, for a module of functions, say.
  public static Struct of(String name, Map<String, ?> fields) {
    return new Struct(name, fields);
  }

  /// The fields in the order of their names.
  public Map<String, Object> fields() {
    return Collections.unmodifiableMap(fields);
  }

  @Override
  public String type() {
    return "struct";
  }

  @Override
  public @Nullable Object field(String name) {
    return fields.get(name);
  }

  @Override
  public Collection<String> fieldNames() {
    return fields.keySet();
  }

  @Override
  public boolean isImmutable() {
    return fields.values().stream().allMatch(Starlark::isImmutable);
  }

  @Override
  public boolean isHashable() {
    return fields.values().stream().allMatch(x -> !(x instanceof Value v) || v.isHashable());
  }

  @Override
  public void repr(Printer printer) {
    printer.append(name).append("(");
    String separator = "";
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      printer.append(separator).append(field.getKey()).append(" = ").repr(field.getValue());
      separator = ", ";
    }
    printer.append(")");
  }

  @Override
  public boolean equals(@Nullable Object that) {
    if (!(that instanceof Struct other)
        || !name.equals(other.name)
        || !fields.keySet().equals(other.fields.keySet())) {
      return false;
    }
    try {
      for (Map.Entry<String, Object> field : fields.entrySet()) {
        Object value = other.fields.get(field.getKey());
        if (value == null || !Equality.equal(field.getValue(), value)) {
          return false;
        }
      }
      return true;
    } catch (EvalError e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int hashCode() {
    try {
      int hash = name.hashCode();
      for (Map.Entry<String, Object> field : fields.entrySet()) {
        hash = hash * 31 + field.getKey().hashCode() * 31 + Equality.hash(field.getValue());
      }
      return hash;
    } catch (EvalError e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return new Printer().repr(this).toString();
  }
}
