package dev.athanor.engine.label;

import dev.athanor.engine.UserException;
import dev.athanor.engine.tree.RelativePath;

/// The name of a target: `//pkg:name`. A generated target has a `#` in its name:
/// `//pkg:python#slim`.
///
/// @param pkg the package: a directory below the workspace root
/// @param name within the package; may have `/`, as a source file in a subdirectory does
public record Label(RelativePath pkg, String name) implements Comparable<Label> {
  private static final String PUNCTUATION = "!%@^_\"#$&'()*+,;<=>?[]{|}~/. -";

  public Label {
    if (!isName(name)) {
      throw new UserException(
          "invalid target name '" + name + "'",
          "a name has letters, digits and punctuation, but no ':' or '\\'");
    }
    var _ = RelativePath.of(name);
  }

  private static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
      if (!plain && PUNCTUATION.indexOf(c) < 0) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  /// Reads `//pkg:name`, `//pkg`, `:name` or `name`; the last two belong to `pkg`.
  ///
  /// @throws UserException when it is none of these
  public static Label parse(String text, RelativePath pkg) {
    String rest = text.startsWith("@//") ? text.substring(1) : text;
    if (rest.startsWith("@")) {
      throw new UserException(
          "invalid label '" + text + "': there are no external repositories",
          "write //package:name, or :name within the package");
    }
    if (!rest.startsWith("//")) {
      String name = rest.startsWith(":") ? rest.substring(1) : rest;
      return make(text, pkg, name);
    }
    String body = rest.substring(2);
    int colon = body.indexOf(':');
    if (colon >= 0) {
      return make(text, parsePackage(text, body.substring(0, colon)), body.substring(colon + 1));
    }
    int variant = body.indexOf('#');
    RelativePath path = parsePackage(text, variant < 0 ? body : body.substring(0, variant));
    return make(text, path, path.name() + (variant < 0 ? "" : body.substring(variant)));
  }

  /// As [#parse(String, RelativePath)], with nothing but absolute labels allowed.
  public static Label parseAbsolute(String text) {
    if (!text.startsWith("//") && !text.startsWith("@//")) {
      throw new UserException("invalid label '" + text + "'", "an absolute label starts with //");
    }
    return parse(text, RelativePath.ROOT);
  }

  /// The same package's target of another name.
  public Label sibling(String other) {
    return new Label(pkg, other);
  }

  /// Where a file of this name lies, below the workspace root.
  public RelativePath path() {
    return pkg.resolve(name);
  }

  @Override
  public int compareTo(Label that) {
    int order = pkg.compareTo(that.pkg);
    return order != 0 ? order : name.compareTo(that.name);
  }

  /// The canonical form, `//pkg:name`.
  @Override
  public String toString() {
    return "//" + pkg + ":" + name;
  }

  static RelativePath parsePackage(String text, String path) {
    try {
      return RelativePath.of(path);
    } catch (UserException e) {
      throw invalid(text, e);
    }
  }

  private static Label make(String text, RelativePath pkg, String name) {
    try {
      return new Label(pkg, name);
    } catch (UserException e) {
      throw invalid(text, e);
    }
  }

  private static UserException invalid(String text, UserException cause) {
    return new UserException(
        "invalid label '" + text + "': " + cause.getMessage(),
        "labels look like //package:name, //package, or :name within a package",
        cause);
  }
}
