package dev.athanor.engine.tree;

import dev.athanor.engine.UserException;
import java.nio.file.Path;
import java.util.List;

/// A path inside an action: `/`-separated, relative, normal. It has no empty, `.` or `..` part and
/// cannot leave its root, so nobody checks it again. The empty path is the root itself.
public record RelativePath(String text) implements Comparable<RelativePath> {
  public static final RelativePath ROOT = new RelativePath("");

  public RelativePath {
    if (!text.isEmpty()) {
      for (String part : text.split("/", -1)) {
        if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
          throw new UserException(
              "not a relative path: '" + text + "'",
              "write it with '/' between names, without a leading '/', '.', '..' or empty part");
        }
      }
    }
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
