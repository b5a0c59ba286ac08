package dev.athanor.engine.rule;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One named argument of a rule.
///
/// @param aliases other names under which it is accepted
/// @param unset the value when nobody gives one; null when the rule must be able to tell
/// @param mandatory whether a target without it is an error
/// @param lenient accepts a scalar where a list is expected, and a one-element list where a scalar
///   is
/// @param values the only strings allowed; empty when all are
/// @param words strings that stand for something longer to write
/// @param doc one sentence or more, in Markdown
public record Attribute(
    String name,
    Type type,
    List<String> aliases,
    @Nullable Object unset,
    boolean mandatory,
    boolean lenient,
    List<String> values,
    Map<String, String> words,
    String doc) {
  /// What an attribute's value may be, and the Java type that holds it.
  public enum Type {
    /// `String`
    STRING("string"),
    /// `Long`
    INT("int"),
    /// `Boolean`
    BOOL("bool"),
    /// `List<String>`
    STRINGS("list of strings"),
    /// `Map<String, String>` in written order
    STRING_MAP("dict of strings"),
    /// `Label`
    LABEL("label"),
    /// `List<Label>`
    LABELS("list of labels"),
    /// `List<Long>`
    INTS("list of ints"),
    /// `Map<String, List<String>>` in written order
    STRING_LIST_MAP("dict of lists of strings"),
    /// `Map<Label, String>` in written order
    LABEL_MAP("dict from labels to strings"),
    /// `List<String>`: names of files that the target makes
    OUTPUTS("list of output names");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /// For messages and documentation.
    @Override
    public String toString() {
      return text;
    }
  }

  public Attribute {
    aliases = List.copyOf(aliases);
    values = List.copyOf(values);
    words = Map.copyOf(words);
  }

  // Optional attributes: an empty list or map, `False` or 0 where a target gives nothing; strings
  // and labels are absent.

  public static Attribute string(String name, String doc) {
    return of(name, Type.STRING, doc);
  }

  public static Attribute integer(String name, String doc) {
    return of(name, Type.INT, doc);
  }

  public static Attribute bool(String name, String doc) {
    return of(name, Type.BOOL, doc);
  }

  public static Attribute strings(String name, String doc) {
    return of(name, Type.STRINGS, doc);
  }

  public static Attribute stringMap(String name, String doc) {
    return of(name, Type.STRING_MAP, doc);
  }

  public static Attribute label(String name, String doc) {
    return of(name, Type.LABEL, doc);
  }

  public static Attribute labels(String name, String doc) {
    return of(name, Type.LABELS, doc);
  }

  public static Attribute outputs(String name, String doc) {
    return of(name, Type.OUTPUTS, doc);
  }

  /// An optional attribute of any type.
  public static Attribute of(String name, Type type, String doc) {
    Object unset =
        switch (type) {
          case STRING, LABEL -> null;
          case INT -> 0L;
          case BOOL -> false;
          case STRINGS, INTS, LABELS, OUTPUTS -> List.of();
          case STRING_MAP, STRING_LIST_MAP, LABEL_MAP -> Map.of();
        };
    return new Attribute(name, type, List.of(), unset, false, false, List.of(), Map.of(), doc);
  }

  public Attribute named(String called) {
    return new Attribute(called, type, aliases, unset, mandatory, lenient, values, words, doc);
  }

  /// The same attribute, which a target must give.
  public Attribute required() {
    return new Attribute(name, type, aliases, null, true, lenient, values, words, doc);
  }

  public Attribute orElse(Object value) {
    return new Attribute(name, type, aliases, value, false, lenient, values, words, doc);
  }

  public Attribute alias(String... others) {
    return new Attribute(
        name, type, List.of(others), unset, mandatory, lenient, values, words, doc);
  }

  public Attribute scalarOrList() {
    return new Attribute(name, type, aliases, unset, mandatory, true, values, words, doc);
  }

  public Attribute oneOf(String... allowed) {
    return new Attribute(
        name, type, aliases, unset, mandatory, lenient, List.of(allowed), words, doc);
  }

  /// The same attribute, in which `word` means `meaning`.
  public Attribute word(String word, String meaning) {
    return new Attribute(
        name, type, aliases, unset, mandatory, lenient, values, Map.of(word, meaning), doc);
  }

  /// What a target that does not give it has.
  public Optional<Object> defaultValue() {
    return Optional.ofNullable(unset);
  }
}
