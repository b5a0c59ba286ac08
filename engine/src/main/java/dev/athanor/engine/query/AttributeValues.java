package dev.athanor.engine.query;

import dev.athanor.engine.label.Label;
import dev.athanor.engine.loading.Target;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Configurable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the attributes of a target say in any configuration: where one decides, every branch
/// counts, and so do the conditions.
final class AttributeValues {
  private AttributeValues() {}

  /// Visits every label that the target's attributes name, in the order of the attributes, with
  /// repetitions.
  ///
  /// @param implicit whether to visit those, too, that the rule gave and not the target
  static void forEachLabel(Target target, boolean implicit, Consumer<Label> visitor) {
    for (Attribute attribute : target.rule().attributes()) {
      if (implicit || target.attributes().isGiven(attribute.name())) {
        if (value(target, attribute) instanceof Configurable choice) {
          choice.conditions().forEach(visitor);
        }
        forEachLabel(target, attribute, visitor);
      }
    }
  }

  /// Visits the labels that one attribute names; none unless it holds labels.
  static void forEachLabel(Target target, Attribute attribute, Consumer<Label> visitor) {
    switch (attribute.type()) {
      case LABEL, LABELS, LABEL_MAP ->
          alternatives(target, attribute).forEach(value -> visitLabels(value, visitor));
      case STRING, INT, BOOL, STRINGS, INTS, STRING_MAP, STRING_LIST_MAP, OUTPUTS -> {}
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

  /// The texts that `attr` matches: one for each branch; an empty one where there is no value.
  static List<String> texts(Target target, Attribute attribute) {
    List<Object> values = alternatives(target, attribute);
    return values.isEmpty() ? List.of("") : values.stream().map(AttributeValues::text).toList();
  }

  private static List<Object> alternatives(Target target, Attribute attribute) {
    return switch (value(target, attribute)) {
      case Configurable choice -> choice.alternatives();
      case null -> List.of();
      case Object plain -> List.of(plain);
    };
  }

  private static void visitLabels(Object value, Consumer<Label> visitor) {
    switch (value) {
      case Label label -> visitor.accept(label);
      case List<?> list -> list.forEach(element -> visitor.accept((Label) element));
      case Map<?, ?> map -> map.keySet().forEach(key -> visitor.accept((Label) key));
      default -> throw new IllegalStateException("not a label: " + value);
    }
  }

  private static @Nullable Object value(Target target, Attribute attribute) {
    return target.attributes().values().get(attribute.name());
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
