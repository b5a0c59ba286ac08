package dev.athanor.oci.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.athanor.oci.model.CanonicalJson;
import dev.athanor.oci.model.DocumentException;
import dev.athanor.oci.model.StrictJson;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What a registry says about its refusal: the first entry of its `errors`.
record ErrorBody(String code, String message) {
  private static final int SHOWN = 300;

  static ErrorBody read(byte[] body) {
    try {
      JsonObject json = StrictJson.readObject(body, "error");
      if (json.get("errors") instanceof JsonArray errors
          && !errors.isEmpty()
          && errors.get(0) instanceof JsonObject first) {
        return new ErrorBody(text(first.get("code")), text(first.get("message")));
      }
      // Token servers answer in their own way.
      return new ErrorBody("", text(json.get("details")));
    } catch (DocumentException e) {
      String text = new String(body, StandardCharsets.UTF_8).strip();
      return new ErrorBody("", text.startsWith("<") ? "" : printable(text));
    }
  }

  /// The body that says so.
  byte[] bytes() {
    JsonObject error = new JsonObject();
    error.addProperty("code", code);
    error.addProperty("message", message);
    JsonArray errors = new JsonArray();
    errors.add(error);
    JsonObject json = new JsonObject();
    json.add("errors", errors);
    return CanonicalJson.write(json);
  }

  /// ` (CODE: message)`, or nothing.
  String text() {
    String both = code.isEmpty() || message.isEmpty() ? code + message : code + ": " + message;
    return both.isEmpty() ? "" : " (" + both + ")";
  }

  private static String text(@Nullable JsonElement element) {
    return element != null && element.isJsonPrimitive() ? printable(element.getAsString()) : "";
  }

  /// A hostile registry must not be able to draw on the terminal.
  static String printable(String text) {
    String shown = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    return shown.replaceAll("\\p{Cntrl}", " ").strip();
  }
}
