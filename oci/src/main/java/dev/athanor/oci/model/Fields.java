package dev.athanor.oci.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.athanor.engine.UserException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Typed access to the members of one object, whose errors name document and field.
///
/// `null` counts as absent, because Go writes it for empty slices and maps; where the specification
/// forbids it, callers use [#array(String)] and the like.
///
/// @param document what the errors call the document
/// @param at the path to this object inside the document; empty for the root
record Fields(JsonObject json, String document, String at) {
  static Fields root(JsonObject json, String document) {
    return new Fields(json, document, "");
  }

  private Fields child(JsonElement element, String path) {
    if (element instanceof JsonObject object) {
      return new Fields(object, document, path);
    }
    throw new DocumentException(where(path), "expected an object");
  }

  boolean has(String name) {
    return json.has(name);
  }

  String string(String name) {
    return optionalString(name).orElseThrow(() -> problem(name, "is missing"));
  }

  Optional<String> optionalString(String name) {
    return optional(name).map(element -> text(element, path(name)));
  }

  /// A whole number that fits into a `long`.
  long number(String name) {
    JsonElement element = optional(name).orElseThrow(() -> problem(name, "is missing"));
    if (element instanceof JsonPrimitive number && number.isNumber()) {
      String digits = number.getAsString();
      try {
        return digits.length() <= 40 ? new BigDecimal(digits).longValueExact() : overflow();
      } catch (ArithmeticException e) {
        throw problem(name, "not a whole number below 2^63: " + Text.abbreviated(digits));
      }
    }
    throw problem(name, "expected a number");
  }

  private static long overflow() {
    throw new ArithmeticException("too many digits");
  }

  Optional<Fields> optionalObject(String name) {
    return optional(name).map(element -> child(element, path(name)));
  }

  Fields object(String name) {
    return optionalObject(name).orElseThrow(() -> problem(name, "is missing"));
  }

  /// The objects in a list that must be there, if only empty; `null` will not do.
  List<Fields> array(String name) {
    if (!(json.get(name) instanceof JsonArray array)) {
      throw problem(name, json.has(name) ? "expected a list" : "is missing");
    }
    return elements(array, name);
  }

  List<Fields> optionalArray(String name) {
    return optional(name).isEmpty() ? List.of() : array(name);
  }

  private List<Fields> elements(JsonArray array, String name) {
    List<Fields> fields = new ArrayList<>(array.size());
    for (JsonElement element : array) {
      fields.add(child(element, path(name) + "[" + fields.size() + "]"));
    }
    return fields;
  }

  List<String> strings(String name) {
    Optional<JsonElement> list = optional(name);
    if (list.isEmpty()) {
      return List.of();
    }
    if (!(list.get() instanceof JsonArray array)) {
      throw problem(name, "expected a list of strings");
    }
    List<String> strings = new ArrayList<>(array.size());
    for (JsonElement element : array) {
      strings.add(text(element, path(name) + "[" + strings.size() + "]"));
    }
    return Collections.unmodifiableList(strings);
  }

  SequencedMap<String, String> stringMap(String name) {
    var map = new LinkedHashMap<String, String>();
    optionalObject(name)
        .ifPresent(object -> {
          for (var member : object.json.entrySet()) {
            map.put(member.getKey(), text(member.getValue(), object.path(member.getKey())));
          }
        });
    return Collections.unmodifiableSequencedMap(map);
  }

  /// The names in a set that is written as an object of empty objects.
  List<String> names(String name) {
    return optionalObject(name).map(set -> List.copyOf(set.json.keySet())).orElse(List.of());
  }

  OciDigest digest(String name) {
    return parsed(path(name), string(name));
  }

  List<OciDigest> digests(String name) {
    List<OciDigest> digests = new ArrayList<>();
    for (String text : strings(name)) {
      digests.add(parsed(path(name) + "[" + digests.size() + "]", text));
    }
    return List.copyOf(digests);
  }

  private OciDigest parsed(String path, String digest) {
    try {
      return OciDigest.parse(digest);
    } catch (UserException e) {
      throw new DocumentException(where(path), String.valueOf(e.getMessage()));
    }
  }

  /// Go matches names without regard to case, so a document could show one face to Go programs and
  /// another to everybody else.
  void refuseLookalikes(List<String> known) {
    for (String name : json.keySet()) {
      for (String real : known) {
        if (name.equalsIgnoreCase(real) && !name.equals(real)) {
          throw problem(name, "looks like '" + real + "' but is spelled otherwise");
        }
      }
    }
  }

  /// A complaint about the member `name`.
  DocumentException problem(String name, String what) {
    return new DocumentException(where(path(name)), what);
  }

  private String path(String name) {
    return at.isEmpty() ? name : at + "." + name;
  }

  private String where(String path) {
    return document + ": " + Text.abbreviated(path);
  }

  private Optional<JsonElement> optional(String name) {
    @Nullable JsonElement element = json.get(name);
    return element == null || element.isJsonNull() ? Optional.empty() : Optional.of(element);
  }

  private String text(JsonElement element, String path) {
    if (element instanceof JsonPrimitive text && text.isString()) {
      return text.getAsString();
    }
    throw new DocumentException(where(path), "expected a string");
  }
}
