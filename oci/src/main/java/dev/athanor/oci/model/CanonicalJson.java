package dev.athanor.oci.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes JSON byte for byte as Go's `encoding/json` does, because image digests are digests of
/// what Go programs write: no blanks, members in order, `<`, `>`, `&`, U+2028 and U+2029 escaped,
/// all other text beyond ASCII as raw UTF-8.
public final class CanonicalJson {
  private final StringBuilder out = new StringBuilder();

  private CanonicalJson() {}

  /// The document, without a newline at the end.
  public static byte[] write(JsonElement element) {
    return text(element).getBytes(StandardCharsets.UTF_8);
  }

  /// `document` with one newline at the end, as Go's `json.Encoder` and with it umoci writes.
  public static byte[] withNewline(byte[] document) {
    byte[] line = Arrays.copyOf(document, document.length + 1);
    line[document.length] = '\n';
    return line;
  }

  static String text(JsonElement element) {
    CanonicalJson json = new CanonicalJson();
    json.append(element);
    return json.out.toString();
  }

  private void append(JsonElement element) {
    switch (element) {
      case JsonObject object -> appendMembers(object);
      case JsonArray array -> appendElements(array);
      case JsonPrimitive text when text.isString() -> appendString(text.getAsString());
      case JsonPrimitive other -> out.append(other.getAsString());
      case JsonNull _ -> out.append("null");
      default -> throw new IllegalArgumentException("not JSON: " + element.getClass());
    }
  }

  private void appendMembers(JsonObject object) {
    char separator = '{';
    for (var member : object.entrySet()) {
      out.append(separator);
      appendString(member.getKey());
      out.append(':');
      append(member.getValue());
      separator = ',';
    }
    out.append(separator == '{' ? "{}" : "}");
  }

  private void appendElements(JsonArray array) {
    char separator = '[';
    for (JsonElement element : array) {
      out.append(separator);
      append(element);
      separator = ',';
    }
    out.append(separator == '[' ? "[]" : "]");
  }

  private void appendString(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      appendChar(text.charAt(i));
    }
    out.append('"');
  }

  private void appendChar(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '<' -> out.append("\\u003c");
      case '>' -> out.append("\\u003e");
      case '&' -> out.append("\\u0026");
      case '\u2028' -> out.append("\\u2028");
      case '\u2029' -> out.append("\\u2029");
      default -> {
        if (c < 0x20) {
          out.append("\\u00").append(Character.forDigit(c >> 4, 16));
          out.append(Character.forDigit(c & 15, 16));
        } else {
          out.append(c);
        }
      }
    }
  }
}
