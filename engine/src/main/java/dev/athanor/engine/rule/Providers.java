package dev.athanor.engine.rule;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All that one target provides, at most one value of each type.
public final class Providers {
  private final Map<Object, Provider> values;

  private Providers(Map<Object, Provider> values) {
    this.values = values;
  }

  public static Providers of(Provider... providers) {
    return of(List.of(providers));
  }

  public static Providers of(List<? extends Provider> providers) {
    Map<Object, Provider> values = new LinkedHashMap<>();
    for (Provider provider : providers) {
      if (values.put(provider.kind(), provider) != null) {
        throw new IllegalArgumentException("provided twice: " + provider.kind());
      }
    }
    return new Providers(Collections.unmodifiableMap(values));
  }

  public <T extends Provider> Optional<T> get(Class<T> type) {
    return Optional.ofNullable(values.get(type)).map(type::cast);
  }

  /// The provider of a kind, see [Provider#kind].
  public Optional<Provider> find(Object kind) {
    return Optional.ofNullable(values.get(kind));
  }

  /// The files that stand for the target; none when it provides none.
  public DefaultInfo defaultInfo() {
    return get(DefaultInfo.class).orElse(DefaultInfo.NONE);
  }
}
