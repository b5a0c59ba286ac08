package dev.athanor.engine.label;

import dev.athanor.engine.UserException;
import dev.athanor.engine.tree.RelativePath;

/// What a user names on the command line: one target, all of a package, or all below a directory;
/// or, with a leading `-`, what to leave out again.
public sealed interface TargetPattern {
  /// `//pkg:name`
  record Single(Label label) implements TargetPattern {
    @Override
    public String text() {
      return label.toString();
    }
  }

  /// `//pkg:all`, `//pkg:*`
  record AllIn(RelativePath pkg) implements TargetPattern {
    @Override
    public String text() {
      return "//" + pkg + ":all";
    }
  }

  /// `//pkg/...`, `//...`
  record AllBelow(RelativePath directory) implements TargetPattern {
    @Override
    public String text() {
      return directory.isRoot() ? "//..." : "//" + directory + "/...";
    }
  }

  /// `-//pkg/...`: takes away what earlier patterns named.
  record Except(TargetPattern pattern) implements TargetPattern {
    @Override
    public String text() {
      return "-" + pattern.text();
    }
  }

  /// As [#parse] reads it, wherever the user stands.
  String text();

  /// @param pkg the package that relative patterns belong to: the directory the user stands in
  static TargetPattern parse(String text, RelativePath pkg) {
    if (text.startsWith("-")) {
      return new Except(parse(text.substring(1), pkg));
    }
    if (text.isEmpty()) {
      throw new UserException(
          "empty target pattern", "name a target such as //app:image, or //...");
    }
    int colon = text.indexOf(':');
    String head = colon < 0 ? text : text.substring(0, colon);
    String name = colon < 0 ? "" : text.substring(colon + 1);
    boolean absolute = head.startsWith("//");
    String path = absolute ? head.substring(2) : head;
    if (path.equals("...") || path.endsWith("/...")) {
      String above = path.equals("...") ? "" : path.substring(0, path.length() - "/...".length());
      return new AllBelow(directory(text, above, absolute ? RelativePath.ROOT : pkg));
    }
    if (colon >= 0 && (name.equals("all") || name.equals("*"))) {
      return new AllIn(directory(text, path, absolute ? RelativePath.ROOT : pkg));
    }
    return new Single(single(text, head, name, colon, absolute, pkg));
  }

  private static Label single(
      String text, String head, String name, int colon, boolean absolute, RelativePath pkg) {
    if (absolute || colon == 0) {
      return Label.parse(text, pkg);
    }
    if (colon > 0) {
      return Label.parse("//" + directory(text, head, pkg) + ":" + name, pkg);
    }
    return Label.parse("//" + directory(text, text, pkg), pkg);
  }

  private static RelativePath directory(String text, String path, RelativePath pkg) {
    String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    RelativePath below =
        Label.parsePackage(text, trimmed.startsWith("./") ? trimmed.substring(2) : trimmed);
    return pkg.resolve(below.text());
  }
}
