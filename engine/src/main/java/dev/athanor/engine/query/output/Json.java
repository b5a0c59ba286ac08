package dev.athanor.engine.query.output;

import com.google.gson.FormattingStyle;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.Collection;
import java.util.Map;

/// JSON as it is written here: indented by two.
final class Json {
  private Json() {}

  static JsonWriter writer(Writer out) {
    JsonWriter json = new JsonWriter(out);
    json.setFormattingStyle(FormattingStyle.PRETTY);
    json.setHtmlSafe(false);
    return json;
  }

  static void strings(Collection<?> values, JsonWriter json) throws IOException {
    json.beginArray();
    for (Object value : values) {
      json.value(value.toString());
    }
    json.endArray();
  }

  static void map(Map<String, String> values, JsonWriter json) throws IOException {
    json.beginObject();
    for (Map.Entry<String, String> entry : values.entrySet()) {
      json.name(entry.getKey()).value(entry.getValue());
    }
    json.endObject();
  }
}
