package dev.athanor.oci.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.ToNumberPolicy;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Reads JSON as I-JSON (RFC 7493) wants it: UTF-8, each name once, nothing after the end.
///
/// Two parsers that disagree about a document are how one image becomes two. Order of members and
/// the text of numbers survive, so that an edited document differs only where it was edited.
public final class StrictJson {
  /// As large as a manifest may be (distribution-spec) with room for verbose configs.
  public static final int MAX_BYTES = 8 << 20;

  /// Real documents nest 6 deep; the limit keeps hostile ones off the stack.
  private static final int MAX_DEPTH = 64;

  private final String document;
  private final JsonReader reader;
  private final Consumer<DocumentException> duplicates;

  private StrictJson(String document, String text, Consumer<DocumentException> duplicates) {
    this.document = document;
    this.duplicates = duplicates;
    reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    reader.setNestingLimit(MAX_DEPTH);
  }

  /// The object that `bytes` hold.
  ///
  /// @param document what to call it in errors, such as `config sha256:…`
  /// @throws DocumentException when they hold anything else
  public static JsonObject readObject(byte[] bytes, String document) {
    JsonElement root =
        read(
            bytes,
            document,
            duplicate -> {
              throw duplicate;
            });
    if (!(root instanceof JsonObject object)) {
      throw new DocumentException(document, "expected a JSON object");
    }
    return object;
  }

  /// The value that `bytes` hold, for those who want to know all that is wrong with it.
  ///
  /// @param duplicates gets a complaint about each name that is there again; the first one counts
  /// @throws DocumentException when they hold no JSON
  public static JsonElement read(
      byte[] bytes, String document, Consumer<DocumentException> duplicates) {
    if (bytes.length > MAX_BYTES) {
      throw new DocumentException(
          document, bytes.length + " bytes of JSON, the limit is " + MAX_BYTES);
    }
    return new StrictJson(document, decode(bytes, document), duplicates).readAll();
  }

  private static String decode(byte[] bytes, String document) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new DocumentException(document, "not UTF-8 text");
    }
    if (text.startsWith("\uFEFF")) {
      // gson would skip it, other readers refuse it.
      throw new DocumentException(document, "starts with a byte order mark");
    }
    return text;
  }

  private JsonElement readAll() {
    try {
      JsonElement root = read();
      requireEnd();
      return root;
    } catch (EOFException e) {
      throw problem("ends in the middle");
    } catch (MalformedJsonException e) {
      throw problem(reason(e));
    } catch (IOException e) {
      throw new AssertionError("a string does not fail to read", e);
    }
  }

  private void requireEnd() throws IOException {
    boolean end;
    try {
      end = reader.peek() == JsonToken.END_DOCUMENT;
    } catch (MalformedJsonException e) {
      end = false;
    }
    if (!end) {
      throw problem("data after the end of the document");
    }
  }

  private JsonElement read() throws IOException {
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> readMembers();
      case BEGIN_ARRAY -> readElements();
      case STRING -> new JsonPrimitive(reader.nextString());
      case NUMBER -> new JsonPrimitive(ToNumberPolicy.LAZILY_PARSED_NUMBER.readNumber(reader));
      case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
      case NULL -> {
        reader.nextNull();
        yield JsonNull.INSTANCE;
      }
      case NAME, END_OBJECT, END_ARRAY, END_DOCUMENT -> throw problem("value expected");
    };
  }

  private JsonObject readMembers() throws IOException {
    JsonObject object = new JsonObject();
    reader.beginObject();
    while (reader.hasNext()) {
      String name = reader.nextName();
      if (object.has(name)) {
        duplicates.accept(problem("the name is there twice"));
        read();
      } else {
        object.add(name, read());
      }
    }
    reader.endObject();
    return object;
  }

  private JsonArray readElements() throws IOException {
    JsonArray array = new JsonArray();
    reader.beginArray();
    while (reader.hasNext()) {
      array.add(read());
    }
    reader.endArray();
    return array;
  }

  private DocumentException problem(String what) {
    String path = reader.getPreviousPath();
    String field = path.startsWith("$.") ? path.substring(2) : path.substring(1);
    return new DocumentException(field.isEmpty() ? document : document + ": " + field, what);
  }

  /// gson's message without its advice to be lenient and without the path, which is ours to name.
  private static String reason(IOException e) {
    String message = String.valueOf(e.getMessage());
    int path = message.indexOf(" path ");
    String shown = path < 0 ? message : message.substring(0, path);
    int position = shown.indexOf(" at line ");
    return shown.startsWith("Use JsonReader") && position >= 0
        ? "not JSON" + shown.substring(position)
        : "not JSON: " + shown;
  }
}
