package dev.athanor.engine.starlark.value;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a load statement sees of a module.
public interface Exports {
  /// The value of an exported name, or null if there is none.
  @Nullable Object get(String name);

  Collection<String> names();

  /// A module that the host made up.
  static Exports of(Map<String, Object> values) {
    Map<String, Object> copy = Map.copyOf(values);
    return new Exports() {
      @Override
      public @Nullable Object get(String name) {
        return copy.get(name);
      }

      @Override
      public Collection<String> names() {
        return copy.keySet();
      }
    };
  }
}
