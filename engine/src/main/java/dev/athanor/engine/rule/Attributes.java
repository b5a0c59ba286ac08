package dev.athanor.engine.rule;

import dev.athanor.engine.label.Label;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The values of a target's attributes, typed as [Attribute.Type] says.
///
/// @param values given by the target or by default; absent where there is neither
/// @param given the names that the target itself gave
public record Attributes(Map<String, Object> values, Set<String> given) {
  public Attributes {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    given = Set.copyOf(given);
  }

  public boolean isGiven(String name) {
    return given.contains(name);
  }

  public String string(String name) {
    return get(name, String.class);
  }

  public Optional<String> optionalString(String name) {
    return Optional.ofNullable(values.get(name)).map(String.class::cast);
  }

  public boolean bool(String name) {
    return get(name, Boolean.class);
  }

  public long integer(String name) {
    return get(name, Long.class);
  }

  public List<String> strings(String name) {
    return list(name, String.class);
  }

  public Optional<Label> label(String name) {
    return Optional.ofNullable(values.get(name)).map(Label.class::cast);
  }

  public List<Label> labels(String name) {
    return list(name, Label.class);
  }

  /// In written order.
  public Map<String, String> stringMap(String name) {
    Map<String, String> map = new LinkedHashMap<>();
    Map<?, ?> value = get(name, Map.class);
    value.forEach((key, text) -> map.put((String) key, (String) text));
    return map;
  }

  /// The keys are labels, in written order.
  public Map<Label, String> labelMap(String name) {
    Map<Label, String> map = new LinkedHashMap<>();
    Map<?, ?> value = get(name, Map.class);
    value.forEach((key, text) -> map.put((Label) key, (String) text));
    return map;
  }

  private <T> List<T> list(String name, Class<T> type) {
    List<?> value = get(name, List.class);
    return value.stream().<T>map(type::cast).toList();
  }

  private <T> T get(String name, Class<T> type) {
    Object value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("the attribute " + name + " has no value");
    }
    return type.cast(value);
  }
}
