package dev.athanor.oci.image;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.athanor.oci.model.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The JSON in parameters of actions: text that nobody but this package writes and reads.
final class Json {
  private Json() {}

  static String text(JsonObject json) {
    return new String(CanonicalJson.write(json), StandardCharsets.UTF_8);
  }

  static JsonObject parse(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }

  static JsonArray array(List<String> words) {
    JsonArray array = new JsonArray();
    words.forEach(array::add);
    return array;
  }

  static JsonObject object(Map<String, String> map) {
    JsonObject object = new JsonObject();
    map.forEach(object::addProperty);
    return object;
  }

  static List<String> list(JsonElement array) {
    List<String> words = new ArrayList<>();
    array.getAsJsonArray().forEach(word -> words.add(word.getAsString()));
    return words;
  }

  static Map<String, String> map(JsonElement object) {
    Map<String, String> map = new LinkedHashMap<>();
    object
        .getAsJsonObject()
        .entrySet()
        .forEach(entry -> map.put(entry.getKey(), entry.getValue().getAsString()));
    return map;
  }
}
