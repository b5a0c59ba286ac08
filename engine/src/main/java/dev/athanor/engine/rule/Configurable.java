package dev.athanor.engine.rule;

import dev.athanor.engine.label.Label;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An attribute's value that depends on the configuration: parts, each plain or a choice, that are
/// joined once the choices are made.
public record Configurable(List<Part> parts) {
  public Configurable {
    parts = List.copyOf(parts);
  }

  /// A piece of the value.
  public sealed interface Part {
    /// The same for every configuration.
    record Plain(Object value) implements Part {}

    /// Depends on which condition holds.
    ///
    /// @param branches by the label of a [ConfigSetting]
    /// @param otherwise where no condition holds
    /// @param noMatch what to say where there is nothing to choose
    record Choice(Map<Label, Object> branches, Optional<Object> otherwise, String noMatch)
        implements Part {
      public Choice {
        branches = Collections.unmodifiableMap(new LinkedHashMap<>(branches));
      }
    }
  }

  /// The labels of all conditions.
  public Set<Label> conditions() {
    Set<Label> labels = new LinkedHashSet<>();
    for (Part part : parts) {
      if (part instanceof Part.Choice choice) {
        labels.addAll(choice.branches().keySet());
      }
    }
    return labels;
  }

  /// Every value that some part can have.
  public List<Object> alternatives() {
    List<Object> values = new ArrayList<>();
    for (Part part : parts) {
      switch (part) {
        case Part.Plain(var value) -> values.add(value);
        case Part.Choice choice -> {
          values.addAll(choice.branches().values());
          choice.otherwise().ifPresent(values::add);
        }
      }
    }
    return values;
  }

  /// One value out of those of the parts: lists and maps joined, strings put together.
  public static Object join(List<Object> values) {
    if (values.size() == 1) {
      return values.getFirst();
    }
    return switch (values.getFirst()) {
      case List<?> _ -> {
        List<Object> all = new ArrayList<>();
        values.forEach(value -> all.addAll((Collection<?>) value));
        yield List.copyOf(all);
      }
      case Map<?, ?> _ -> {
        Map<Object, Object> all = new LinkedHashMap<>();
        values.forEach(value -> all.putAll((Map<?, ?>) value));
        yield Collections.unmodifiableMap(all);
      }
      default -> {
        StringBuilder text = new StringBuilder();
        values.forEach(text::append);
        yield text.toString();
      }
    };
  }
}
