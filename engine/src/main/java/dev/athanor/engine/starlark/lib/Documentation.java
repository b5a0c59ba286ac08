package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.MethodTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/// What there is to read about the names that programs find defined.
///
/// The parameters come from the functions. The sentences come from `documentation.txt` beside a
/// class: a line `## Title` begins a section, and a line `name: Text` is about a name.
public final class Documentation {
  /// @param parameters as in `(x, y=0)`; empty where the name is no function
  /// @param doc in Markdown
  public record Entry(String name, String parameters, String doc) {}

  public record Section(String title, List<Entry> entries) {
    public Section {
      entries = List.copyOf(entries);
    }
  }

  private Documentation() {}

  /// The language itself: its universe, and the methods of its types.
  public static List<Section> language() {
    Map<String, String> names = new TreeMap<>(parameters("", Universe.VALUES));
    methods("string", StringMethods.TABLE, names);
    methods("list", ListMethods.TABLE, names);
    methods("dict", DictMethods.TABLE, names);
    methods("set", SetMethods.TABLE, names);
    methods("bytes", BytesMethods.TABLE, names);
    return read(Documentation.class, names);
  }

  /// The parameters of each value, empty where it is no function in Java, by the name with a
  /// prefix.
  public static Map<String, String> parameters(String prefix, Map<String, ?> values) {
    Map<String, String> parameters = new TreeMap<>();
    values.forEach((name, value) ->
        parameters.put(
            prefix + name,
            value instanceof Builtin builtin ? "(" + builtin.signature() + ")" : ""));
    return parameters;
  }

  private static void methods(String type, MethodTable<?> table, Map<String, String> names) {
    for (String name : table.names()) {
      MethodTable.Method<?> method = Objects.requireNonNull(table.find(name));
      names.put(type + "." + name, "(" + method.signature() + ")");
    }
  }

  /// The sections of the file beside a class.
  ///
  /// @param names every name that the file must be about, with its parameters
  /// @throws IllegalStateException when a name lacks its line, or a line its name
  public static List<Section> read(Class<?> beside, Map<String, String> names) {
    Map<String, List<Entry>> sections = new LinkedHashMap<>();
    TreeSet<String> wanting = new TreeSet<>(names.keySet());
    List<Entry> section = List.of();
    for (String line : text(beside).lines().filter(line -> !line.isEmpty()).toList()) {
      if (line.startsWith("## ")) {
        section = sections.computeIfAbsent(line.substring(3), _ -> new ArrayList<>());
        continue;
      }
      int colon = line.indexOf(": ");
      String name = line.substring(0, Math.max(0, colon));
      if (!wanting.remove(name)) {
        throw new IllegalStateException(
            "documentation.txt beside " + beside.getName() + " is about no known name: " + line);
      }
      String parameters = Objects.requireNonNull(names.get(name));
      section.add(new Entry(name, parameters, line.substring(colon + 2)));
    }
    if (!wanting.isEmpty()) {
      throw new IllegalStateException(
          "documentation.txt beside " + beside.getName() + " lacks " + wanting);
    }
    return sections.entrySet().stream()
        .map(entry -> new Section(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static String text(Class<?> beside) {
    try (InputStream in = beside.getResourceAsStream("documentation.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
