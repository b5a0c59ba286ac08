package dev.athanor.engine.query;

import dev.athanor.engine.label.Label;
import dev.athanor.engine.loading.Target;
import dev.athanor.engine.rule.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// What the attributes of a target say, whatever the configuration.
final class AttributeValues {
  private AttributeValues() {}

  /// Visits every label that the target's attributes name, in the order of the attributes, with
  /// repetitions.
  ///
  /// @param implicit whether to visit those, too, that the rule gave and not the target
  static void forEachLabel(Target target, boolean implicit, Consumer<Label> visitor) {
    for (Attribute attribute : target.rule().attributes()) {
      if (implicit || target.attributes().isGiven(attribute.name())) {
        forEachLabel(target, attribute, visitor);
      }
    }
  }

  /// Visits the labels that one attribute names; none unless it holds labels.
  static void forEachLabel(Target target, Attribute attribute, Consumer<Label> visitor) {
    switch (attribute.type()) {
      case LABEL -> target.attributes().label(attribute.name()).ifPresent(visitor);
      case LABELS -> target.attributes().labels(attribute.name()).forEach(visitor);
      case STRING, INT, BOOL, STRINGS, STRING_MAP, OUTPUTS -> {}
    }
  }

  /// Visits the files that one attribute says the target makes; none unless it holds outputs.
  static void forEachOutput(Target target, Attribute attribute, Consumer<Label> visitor) {
    if (attribute.type() == Attribute.Type.OUTPUTS) {
      target
          .attributes()
          .strings(attribute.name())
          .forEach(name -> visitor.accept(target.label().sibling(name)));
    }
  }

  /// The texts that `attr` matches: one.
  static List<String> texts(Target target, Attribute attribute) {
    Object value = target.attributes().values().get(attribute.name());
    return List.of(value == null ? "" : text(value));
  }

  private static String text(Object value) {
    return switch (value) {
      case Boolean bool -> bool ? "1" : "0";
      case List<?> list ->
          list.stream().map(AttributeValues::text).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map -> {
        List<String> entries = new ArrayList<>();
        map.forEach((key, element) -> entries.add(key + ": " + text(element)));
        yield entries.stream().collect(Collectors.joining(", ", "{", "}"));
      }
      default -> value.toString();
    };
  }
}
