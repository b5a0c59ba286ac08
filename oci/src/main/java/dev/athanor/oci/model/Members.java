package dev.athanor.oci.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Edits of JSON objects that make a new object and share everything that stays as it was. For that
/// to be sound nobody may change a [JsonElement] after it became part of a document.
final class Members {
  private Members() {}

  /// `object` with `name` set. A member that is there keeps its place; a new one is put before the
  /// first member that `order` lists after it, else at the end.
  static JsonObject with(JsonObject object, List<String> order, String name, JsonElement value) {
    JsonObject edited = new JsonObject();
    boolean placed = object.has(name);
    int rank = order.indexOf(name);
    for (var member : object.entrySet()) {
      if (!placed && rank >= 0 && order.indexOf(member.getKey()) > rank) {
        edited.add(name, value);
        placed = true;
      }
      edited.add(member.getKey(), member.getKey().equals(name) ? value : member.getValue());
    }
    if (!placed) {
      edited.add(name, value);
    }
    return edited;
  }

  static JsonObject without(JsonObject object, String name) {
    JsonObject edited = new JsonObject();
    for (var member : object.entrySet()) {
      if (!member.getKey().equals(name)) {
        edited.add(member.getKey(), member.getValue());
      }
    }
    return edited;
  }

  /// As [#with], but an empty string takes the member away.
  static JsonObject withText(JsonObject object, List<String> order, String name, String value) {
    return value.isEmpty() ? without(object, name) : with(object, order, name, string(value));
  }

  static JsonPrimitive string(String text) {
    return new JsonPrimitive(text);
  }

  static JsonArray strings(Collection<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }

  /// A map in byte order of its keys, as Go writes it.
  static JsonObject stringMap(Map<String, String> map) {
    JsonObject object = new JsonObject();
    map.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(Text.BYTE_ORDER))
        .forEach(entry -> object.addProperty(entry.getKey(), entry.getValue()));
    return object;
  }

  /// A set in byte order: an object of empty objects.
  static JsonObject set(Collection<String> names) {
    JsonObject object = new JsonObject();
    names.stream()
        .distinct()
        .sorted(Text.BYTE_ORDER)
        .forEach(name -> object.add(name, new JsonObject()));
    return object;
  }

  static JsonArray descriptors(Collection<Descriptor> descriptors) {
    JsonArray array = new JsonArray();
    descriptors.forEach(descriptor -> array.add(descriptor.json()));
    return array;
  }
}
