package dev.athanor.engine.diff.format;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.athanor.engine.diff.DamagedException;
import dev.athanor.engine.diff.Data;
import dev.athanor.engine.diff.Format;
import dev.athanor.engine.diff.Place;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;

/// JSON, value by value.
public final class JsonFormat implements Format {
  private static final int LARGEST = 16 << 20;
  private static final int SAMPLE = 256;

  @Override
  public String name() {
    return "JSON";
  }

  @Override
  public boolean recognises(Data data) throws IOException {
    if (data.size() > LARGEST) {
      return false;
    }
    String start = new String(data.head(SAMPLE), StandardCharsets.ISO_8859_1).stripLeading();
    return start.matches("(?s)\\{\\s*[\"}].*|\\[\\s*[\\[{\"\\]0-9tfn-].*");
  }

  @Override
  public void compare(Data before, Data after, Place place) throws IOException {
    JsonComparison.of(place).compare(parse(before), parse(after));
  }

  /// The value that makes up all of the data.
  ///
  /// @throws DamagedException when it is none
  public static JsonElement parse(Data data) throws IOException {
    String text = new String(data.all(LARGEST), StandardCharsets.UTF_8);
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.STRICT);
      JsonElement value = JsonParser.parseReader(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new DamagedException("more than one value");
      }
      return value;
    } catch (JsonParseException | IllegalStateException e) {
      throw new DamagedException("no JSON", e);
    }
  }
}
