package dev.athanor.engine.starlark.value;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// A value with attributes, `x.name`, methods among them.
public interface HasFields extends Value {
  /// The attribute of this name, or null if there is none.
  @Nullable Object field(String name) throws EvalError;

  /// The names of all attributes.
  Collection<String> fieldNames();

  /// What to say when there is no attribute of this name; null for the usual message.
  default @Nullable String missingField(String name) {
    return null;
  }
}
