package dev.athanor.oci.validate;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.athanor.oci.model.MediaType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A value in a document and its place there. Asked for what it should be, it gives that, or
/// reports that it is something else.
///
/// @param document what findings call the document
/// @param path to the value inside of it; empty for the root
/// @param nullIsAbsent whether members may be null instead of absent, as those of a config may
record Value(
    JsonElement json, String document, String path, boolean nullIsAbsent, Findings findings) {
  private Value at(JsonElement element, String place) {
    return new Value(element, document, place, nullIsAbsent, findings);
  }

  private String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private String where() {
    return path.isEmpty() ? document : document + ": " + path;
  }

  void report(Rule rule, String problem) {
    findings.add(rule, where(), problem);
  }

  Optional<Value> member(String name) {
    @Nullable JsonElement element = json instanceof JsonObject object ? object.get(name) : null;
    return element == null || (nullIsAbsent && element.isJsonNull())
        ? Optional.empty()
        : Optional.of(at(element, path(name)));
  }

  /// A member that must be there.
  Optional<Value> required(String name, Rule rule) {
    Optional<Value> member = member(name);
    if (member.isEmpty()) {
      findings.add(rule, where(), name + " is missing");
    }
    return member;
  }

  List<String> names() {
    return json instanceof JsonObject object ? List.copyOf(object.keySet()) : List.of();
  }

  /// The values in an object that is a map, where null is never absence.
  Map<String, Value> entries() {
    Map<String, Value> entries = new LinkedHashMap<>();
    if (json instanceof JsonObject object) {
      object.asMap().forEach((name, element) -> entries.put(name, at(element, path(name))));
    }
    return entries;
  }

  Optional<Value> object(Rule rule) {
    return json instanceof JsonObject ? Optional.of(this) : refuse(rule, "an object");
  }

  Optional<List<Value>> list(Rule rule) {
    if (!(json instanceof JsonArray array)) {
      return refuse(rule, "a list");
    }
    List<Value> elements = new ArrayList<>(array.size());
    for (JsonElement element : array) {
      elements.add(at(element, path + "[" + elements.size() + "]"));
    }
    return Optional.of(elements);
  }

  Optional<String> string(Rule rule) {
    return json instanceof JsonPrimitive text && text.isString()
        ? Optional.of(text.getAsString())
        : refuse(rule, "a string");
  }

  Optional<Boolean> bool(Rule rule) {
    return json instanceof JsonPrimitive truth && truth.isBoolean()
        ? Optional.of(truth.getAsBoolean())
        : refuse(rule, "true or false");
  }

  /// A whole number of 64 bits.
  Optional<Long> number(Rule rule) {
    if (json instanceof JsonPrimitive number && number.isNumber()) {
      try {
        return Optional.of(new BigDecimal(number.getAsString()).longValueExact());
      } catch (ArithmeticException | NumberFormatException e) {
        // Not whole, or too large.
      }
    }
    return refuse(rule, "a whole number of 64 bits");
  }

  /// All strings in a list; those elements that are none are reported and left out.
  List<String> strings(Rule rule) {
    return list(rule).stream()
        .flatMap(List::stream)
        .flatMap(element -> element.string(rule).stream())
        .toList();
  }

  /// A media type.
  Optional<String> mediaType(Rule type, Rule grammar) {
    Optional<String> text = string(type);
    if (text.isPresent() && !MediaType.isWellFormed(text.get())) {
      report(grammar, "'" + text.get() + "' is no media type");
      return Optional.empty();
    }
    return text;
  }

  /// A digest.
  Optional<String> digest(Rule type, Rule grammar, Rule encoded) {
    Optional<String> text = string(type);
    if (text.isPresent() && !Grammar.isDigest(text.get())) {
      report(grammar, "'" + text.get() + "' is no digest");
      return Optional.empty();
    }
    if (text.isPresent() && !Grammar.isEncodedRight(text.get())) {
      report(encoded, "'" + text.get() + "' is not written as its algorithm demands");
      return Optional.empty();
    }
    return text;
  }

  /// Go matches names without regard to case, so a document could show one face to Go programs and
  /// another to everybody else.
  void refuseLookalikes(List<String> known) {
    for (String name : names()) {
      for (String real : known) {
        if (name.equalsIgnoreCase(real) && !name.equals(real)) {
          findings.add(Rule.JSON_NAME_CASE, where(), "'" + name + "' looks like '" + real + "'");
        }
      }
    }
  }

  private <T> Optional<T> refuse(Rule rule, String expected) {
    report(rule, "is not " + expected);
    return Optional.empty();
  }
}
