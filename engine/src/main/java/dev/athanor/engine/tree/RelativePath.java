package dev.athanor.engine.tree;

import dev.athanor.engine.UserException;
import java.nio.file.Path;
import java.util.List;

/// A path inside an action: `/`-separated, relative, normal. It has no empty, `.` or `..` part and
/// cannot leave its root, so nobody checks it again. The empty path is the root itself.
public record RelativePath(String text) implements Comparable<RelativePath> {
  public static final RelativePath ROOT = new RelativePath("");

  public RelativePath {
    if (!isNormal(text)) {
      throw new UserException(
          "not a relative path: '" + text + "'",
          "write it with '/' between names, without a leading '/', '.', '..' or empty part");
    }
  }

  /// One pass over the characters: there are as many paths as files, and this is called for each.
  private static boolean isNormal(String text) {
    int length = text.length();
    int start = 0;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c == '\0') {
        return false;
      }
      if (c == '/') {
        if (!isName(text, start, i)) {
          return false;
        }
        start = i + 1;
      }
    }
    return length == 0 || isName(text, start, length);
  }

  /// Whether the part is neither empty nor `.` nor `..`.
  private static boolean isName(String text, int start, int end) {
    return switch (end - start) {
      case 0 -> false;
      case 1 -> text.charAt(start) != '.';
      case 2 -> text.charAt(start) != '.' || text.charAt(start + 1) != '.';
      default -> true;
    };
  }

  /// Whether the text is one part of a path.
  static boolean isName(String text) {
    return !text.isEmpty() && text.indexOf('/') < 0 && isNormal(text);
  }

  public static RelativePath of(String text) {
    return new RelativePath(text);
  }

  /// The path of `path` below `root`, whatever separator its file system has.
  public static RelativePath between(Path root, Path path) {
    Path relative = root.relativize(path);
    return new RelativePath(
        relative.toString().replace(relative.getFileSystem().getSeparator(), "/"));
  }

  public boolean isRoot() {
    return text.isEmpty();
  }

  /// This path below `root`.
  public Path under(Path root) {
    return text.isEmpty() ? root : root.resolve(text);
  }

  public RelativePath resolve(String below) {
    return below.isEmpty() ? this : new RelativePath(isRoot() ? below : text + "/" + below);
  }

  /// The directory that holds this path; the root holds itself.
  public RelativePath parent() {
    int slash = text.lastIndexOf('/');
    return slash < 0 ? ROOT : new RelativePath(text.substring(0, slash));
  }

  /// The last part.
  public String name() {
    return text.substring(text.lastIndexOf('/') + 1);
  }

  public List<String> parts() {
    return isRoot() ? List.of() : List.of(text.split("/"));
  }

  /// Whether this is `ancestor` or lies below it.
  public boolean startsWith(RelativePath ancestor) {
    return ancestor.isRoot()
        || text.equals(ancestor.text)
        || (text.startsWith(ancestor.text) && text.charAt(ancestor.text.length()) == '/');
  }

  @Override
  public int compareTo(RelativePath that) {
    return text.compareTo(that.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
