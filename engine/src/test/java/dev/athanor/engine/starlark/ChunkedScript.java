package dev.athanor.engine.starlark;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// A test file of many small programs, divided by lines of `---`.
///
/// A line that is to fail ends in `###` and a pattern that its error message must contain. Lines
/// keep the numbers they have in the file.
record ChunkedScript(String name, List<Chunk> chunks) {

  /// One program, and the errors it must produce by line.
  record Chunk(String text, int firstLine, Map<Integer, Pattern> expected) {}

  static final List<String> NAMES =
      List.of(
          "assign",
          "bool",
          "build",
          "bytes",
          "comprehension",
          "control",
          "dict",
          "float",
          "format",
          "freeze",
          "function",
          "int",
          "limits",
          "list",
          "load",
          "misc",
          "names",
          "parse",
          "range",
          "set",
          "string",
          "struct",
          "tuple",
          "universe");

  static ChunkedScript read(String name) {
    try (InputStream in = ChunkedScript.class.getResourceAsStream("scripts/" + name + ".star")) {
      String text =
          new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
      return parse(name, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ChunkedScript parse(String name, String text) {
    List<Chunk> chunks = new ArrayList<>();
    int line = 1;
    for (String chunk : text.split("(?m)^---$\n?", -1)) {
      chunks.add(chunk(chunk, line));
      line += (int) chunk.chars().filter(c -> c == '\n').count() + 1;
    }
    return new ChunkedScript(name, List.copyOf(chunks));
  }

  private static Chunk chunk(String text, int firstLine) {
    Map<Integer, Pattern> expected = new TreeMap<>();
    int line = firstLine;
    for (String content : text.split("\n", -1)) {
      int mark = content.indexOf("###");
      if (mark >= 0) {
        expected.put(line, Pattern.compile(content.substring(mark + 3).strip()));
      }
      line++;
    }
    return new Chunk("\n".repeat(firstLine - 1) + text, firstLine, expected);
  }
}
