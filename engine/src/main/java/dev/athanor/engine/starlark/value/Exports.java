package dev.athanor.engine.starlark.value;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// What a load statement sees of a module.
public interface Exports {
  /// The value of an exported name, or null if there is none.
  @Nullable Object get(String name);

  Collection<String> names();
}
