package dev.athanor.engine.diff.format;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.diff.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Compares values of JSON by paths such as `$.config.Env[2]`.
///
/// @param special looks at each pair of values first
public record JsonComparison(Place place, Special special) {
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");
  private static final Pattern MOMENT =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d.*");

  /// Names of fields that hold times even as numbers.
  private static final Pattern TIME_NAME =
      Pattern.compile("created|.*(?<!up)date|.*time|.*timestamp|.*epoch|.*[a-z_][aA]t|modified");

  public static JsonComparison of(Place place) {
    return new JsonComparison(place, (_, _, _) -> false);
  }

  /// Knows what some values stand for.
  @FunctionalInterface
  public interface Special {
    /// Whether nothing more is to be said of two values that are not the same.
    boolean handles(String path, JsonElement before, JsonElement after) throws IOException;
  }

  public void compare(JsonElement before, JsonElement after) throws IOException {
    compare("$", before, after);
  }

  /// Compares what stands at `path`.
  public void compare(String path, JsonElement before, JsonElement after) throws IOException {
    compare(path, "", before, after);
  }

  private void compare(String path, String name, JsonElement before, JsonElement after)
      throws IOException {
    if (special.handles(path, before, after)) {
      return;
    }
    if (before instanceof JsonObject was && after instanceof JsonObject is) {
      objects(path, was, is);
    } else if (before instanceof JsonArray was && after instanceof JsonArray is) {
      arrays(path, name, was, is);
    } else if (!before.equals(after)) {
      place.in(path).add(aspect(name, before, after), text(before), text(after));
    }
  }

  private void objects(String path, JsonObject before, JsonObject after) throws IOException {
    for (Map.Entry<String, JsonElement> member : before.entrySet()) {
      String name = member.getKey();
      JsonElement now = after.get(name);
      if (now == null) {
        place.in(below(path, name)).add(Aspect.PRESENCE, text(member.getValue()), "");
      } else {
        compare(below(path, name), name, member.getValue(), now);
      }
    }
    for (Map.Entry<String, JsonElement> member : after.entrySet()) {
      if (!before.has(member.getKey())) {
        place.in(below(path, member.getKey())).add(Aspect.PRESENCE, "", text(member.getValue()));
      }
    }
    List<String> names = new ArrayList<>(before.keySet());
    List<String> others = new ArrayList<>(after.keySet());
    if (names.size() == others.size()
        && !names.equals(others)
        && before.keySet().equals(after.keySet())) {
      place.in(path).add(Aspect.ORDER, String.join(", ", names), String.join(", ", others));
    }
  }

  private static String below(String path, String name) {
    return PLAIN_NAME.matcher(name).matches()
        ? path + "." + name
        : path + "[" + new JsonPrimitive(name) + "]";
  }

  /// What stands at the same place counted from the start; where one has more, from the end, too.
  private void arrays(String path, String name, JsonArray before, JsonArray after)
      throws IOException {
    List<JsonElement> was = before.asList();
    List<JsonElement> is = after.asList();
    if (was.size() > 1 && !was.equals(is) && counts(was).equals(counts(is))) {
      place.in(path).add(Aspect.ORDER, text(before), text(after));
      return;
    }
    int common = Math.min(was.size(), is.size());
    int tail = 0;
    if (was.size() != is.size()) {
      int head = 0;
      while (head < common && was.get(head).equals(is.get(head))) {
        head++;
      }
      while (tail < common - head
          && was.get(was.size() - 1 - tail).equals(is.get(is.size() - 1 - tail))) {
        tail++;
      }
    }
    for (int i = 0; i < common - tail; i++) {
      compare(path + "[" + i + "]", name, was.get(i), is.get(i));
    }
    for (int i = common - tail; i < was.size() - tail; i++) {
      place.in(path + "[" + i + "]").add(Aspect.PRESENCE, text(was.get(i)), "");
    }
    for (int i = common - tail; i < is.size() - tail; i++) {
      place.in(path + "[" + i + "]").add(Aspect.PRESENCE, "", text(is.get(i)));
    }
  }

  private static Map<JsonElement, Integer> counts(List<JsonElement> elements) {
    Map<JsonElement, Integer> counts = new HashMap<>();
    elements.forEach(element -> counts.merge(element, 1, Integer::sum));
    return counts;
  }

  private static Aspect aspect(String name, JsonElement before, JsonElement after) {
    if (kind(before) != kind(after)) {
      return Aspect.KIND;
    }
    if (before instanceof JsonPrimitive was && after instanceof JsonPrimitive is) {
      boolean moments =
          was.isString()
              ? isMoment(was.getAsString()) && isMoment(is.getAsString())
              : was.isNumber() && TIME_NAME.matcher(name).matches();
      return moments ? Aspect.TIME : Aspect.VALUE;
    }
    return Aspect.VALUE;
  }

  private static boolean isMoment(String text) {
    return MOMENT.matcher(text).matches();
  }

  private static char kind(JsonElement value) {
    return switch (value) {
      case JsonObject _ -> '{';
      case JsonArray _ -> '[';
      case JsonPrimitive primitive when primitive.isString() -> '"';
      case JsonPrimitive primitive when primitive.isNumber() -> '1';
      case JsonPrimitive _ -> 't';
      case JsonNull _ -> 'n';
      default -> throw new IllegalArgumentException(value.getClass().getName());
    };
  }

  private static String text(JsonElement value) {
    return value instanceof JsonPrimitive primitive ? primitive.getAsString() : value.toString();
  }
}
