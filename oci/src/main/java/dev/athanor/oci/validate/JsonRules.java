package dev.athanor.oci.validate;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.athanor.oci.model.DocumentException;
import dev.athanor.oci.model.StrictJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What is asked of every document: that it is I-JSON (RFC 7493) and an object.
final class JsonRules {
  /// From here on not every whole number is a double.
  private static final double EXACT = 1L << 53;

  private final String document;
  private final Findings findings;

  private JsonRules(String document, Findings findings) {
    this.document = document;
    this.findings = findings;
  }

  /// The document in `file`; empty when nothing can be read from it.
  static Optional<Value> read(Path file, String document, boolean nullIsAbsent, Findings findings)
      throws IOException {
    return new JsonRules(document, findings)
        .read(file)
        .map(json -> new Value(json, document, "", nullIsAbsent, findings))
        .flatMap(root -> root.object(Rule.JSON_OBJECT));
  }

  private Optional<JsonElement> read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > StrictJson.MAX_BYTES) {
      findings.add(Rule.JSON_SIZE, document, size + " bytes, the limit is " + StrictJson.MAX_BYTES);
      return Optional.empty();
    }
    byte[] bytes = Files.readAllBytes(file);
    if (!isText(bytes)) {
      findings.add(Rule.JSON_ENCODING, document, "is not UTF-8 without a byte order mark");
      return Optional.empty();
    }
    try {
      JsonElement json =
          StrictJson.read(bytes, document, it -> report(Rule.JSON_DUPLICATE_NAME, it));
      checkValues(json);
      return Optional.of(json);
    } catch (DocumentException e) {
      report(Rule.JSON_SYNTAX, e);
      return Optional.empty();
    }
  }

  private void report(Rule rule, DocumentException e) {
    findings.add(rule, e.where(), e.problem());
  }

  private static boolean isText(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return !text.startsWith("\uFEFF");
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private void checkValues(JsonElement json) {
    switch (json) {
      case JsonObject object -> {
        object.keySet().forEach(this::checkText);
        object.asMap().values().forEach(this::checkValues);
      }
      case JsonArray array -> array.forEach(this::checkValues);
      case JsonPrimitive value when value.isString() -> checkText(value.getAsString());
      case JsonPrimitive value when value.isNumber() -> checkNumber(value.getAsString());
      case JsonPrimitive _, JsonNull _ -> {}
      default -> throw new AssertionError(json);
    }
  }

  private void checkText(String text) {
    if (text.codePoints().anyMatch(JsonRules::isNoCharacter)) {
      findings.add(
          Rule.JSON_CODE_POINT, document, "a code point that is no character: '" + text + "'");
    }
  }

  private static boolean isNoCharacter(int codePoint) {
    return (codePoint & 0xfffe) == 0xfffe || (codePoint >= 0xfdd0 && codePoint <= 0xfdef);
  }

  private void checkNumber(String number) {
    if (Math.abs(Double.parseDouble(number)) >= EXACT) {
      findings.add(Rule.JSON_NUMBER, document, "not every reader keeps the number " + number);
    }
  }
}
