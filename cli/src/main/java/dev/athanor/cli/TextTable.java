package dev.athanor.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Texts that repeat, each written once.
final class TextTable {
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> texts = new ArrayList<>();

  int number(String text) {
    return numbers.computeIfAbsent(
        text,
        _ -> {
          texts.add(text);
          return texts.size() - 1;
        });
  }

  void write(JsonWriter json) throws IOException {
    json.name("texts").beginArray();
    for (String text : texts) {
      json.value(text);
    }
    json.endArray();
  }
}
