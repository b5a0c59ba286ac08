package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.diff.Difference;
import java.util.List;
import java.util.Locale;

/// Differences for programs.
final class DifferenceJson {
  private DifferenceJson() {}

  static JsonArray of(List<Difference> differences) {
    JsonArray array = new JsonArray();
    differences.forEach(difference -> array.add(json(difference)));
    return array;
  }

  private static JsonObject json(Difference difference) {
    JsonObject json = new JsonObject();
    JsonArray where = new JsonArray();
    difference.where().forEach(where::add);
    json.add("where", where);
    json.addProperty(
        "aspect", difference.aspect().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    json.addProperty("before", difference.before());
    json.addProperty("after", difference.after());
    return json;
  }
}
