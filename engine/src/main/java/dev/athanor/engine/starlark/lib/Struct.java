package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.Composite;
import dev.athanor.engine.starlark.value.Equality;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.HasFields;
import dev.athanor.engine.starlark.value.Printer;
import dev.athanor.engine.starlark.value.Starlark;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An immutable value with named fields, in the order of their names.
public final class Struct implements HasFields, Composite {
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

  /// Whether all fields were immutable from the start, as they mostly are.
  private final boolean immutable;

  private Struct(String name, Map<String, ?> fields) {
    this.name = name;
    this.fields = new TreeMap<>(fields);
    this.immutable = fields.values().stream().allMatch(Starlark::isImmutable);
  }

  public static Struct of(Map<String, ?> fields) {
    return of("struct", fields);
  }

  /// A struct that `repr` shows under another name, for a module of functions, say.
  public static Struct of(String name, Map<String, ?> fields) {
    return new Struct(name, fields);
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
    return immutable || fields.values().stream().allMatch(Starlark::isImmutable);
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
  public boolean sameAs(Composite that, Equality equality) throws EvalError {
    if (!(that instanceof Struct other)
        || !name.equals(other.name)
        || !fields.keySet().equals(other.fields.keySet())) {
      return false;
    }
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      Object value = other.fields.get(field.getKey());
      if (value == null || !equality.same(field.getValue(), value)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hash(Equality equality) throws EvalError {
    int hash = name.hashCode();
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      hash = (hash * 31 + field.getKey().hashCode()) * 31 + equality.hashOf(field.getValue());
    }
    return hash;
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
