package dev.athanor.engine.rule;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// All that one target provides, at most one value of each type.
public final class Providers {
  private final Map<Class<?>, Provider> values;

  private Providers(Map<Class<?>, Provider> values) {
    this.values = values;
  }

  public static Providers of(Provider... providers) {
    Map<Class<?>, Provider> values = new LinkedHashMap<>();
    for (Provider provider : providers) {
      if (values.put(provider.getClass(), provider) != null) {
        throw new IllegalArgumentException("provided twice: " + provider.getClass());
      }
    }
    return new Providers(Collections.unmodifiableMap(values));
  }

  public <T extends Provider> Optional<T> get(Class<T> type) {
    return Optional.ofNullable(values.get(type)).map(type::cast);
  }

  /// The files that stand for the target; none when it provides none.
  public DefaultInfo defaultInfo() {
    return get(DefaultInfo.class).orElse(DefaultInfo.NONE);
  }
}
