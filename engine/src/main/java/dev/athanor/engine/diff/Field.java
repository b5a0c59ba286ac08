package dev.athanor.engine.diff;

import dev.athanor.engine.diff.Difference.Aspect;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A field of a header.
///
/// @param value as text for people; equal exactly where the field is equal
public record Field(String name, Aspect aspect, String value) {
  /// Reports what differs; a field that one side does not have is empty there.
  static void compare(List<Field> before, List<Field> after, Place place) {
    Map<String, Field> other = byName(after);
    byName(before)
        .forEach((name, field) -> {
          Field now = other.remove(name);
          place.in(name).value(field.aspect, field.value, now == null ? "" : now.value);
        });
    other.values().forEach(field -> place.in(field.name).value(field.aspect, "", field.value));
  }

  private static Map<String, Field> byName(List<Field> fields) {
    Map<String, Field> map = new LinkedHashMap<>();
    fields.forEach(field -> map.put(field.name, field));
    return map;
  }
}
