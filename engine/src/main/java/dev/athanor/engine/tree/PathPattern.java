package dev.athanor.engine.tree;

import java.util.regex.Pattern;

/// A pattern for paths: `*` and `?` stand for characters within a name, `**` for any number of
/// directories, or, at the end, for all that is below.
public final class PathPattern {
  private final String glob;
  private final Pattern regex;

  private PathPattern(String glob) {
    this.glob = glob;
    this.regex = Pattern.compile(regex(glob), Pattern.DOTALL);
  }

  /// Every text is a pattern: whether it can match a path at all, is for its user to say.
  public static PathPattern of(String glob) {
    return new PathPattern(glob);
  }

  /// Whether it matches the whole of `path`.
  public boolean matches(String path) {
    return regex.matcher(path).matches();
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); ) {
      if (glob.startsWith("**/", i)) {
        regex.append("(?:[^/]+/)*");
        i += 3;
      } else if (glob.startsWith("**", i)) {
        regex.append(".*");
        i += 2;
      } else {
        int c = glob.codePointAt(i);
        regex.append(
            switch (c) {
              case '*' -> "[^/]*";
              case '?' -> "[^/]";
              default -> Pattern.quote(Character.toString(c));
            });
        i += Character.charCount(c);
      }
    }
    return regex.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PathPattern that && glob.equals(that.glob);
  }

  @Override
  public int hashCode() {
    return glob.hashCode();
  }

  /// The pattern as it was written.
  @Override
  public String toString() {
    return glob;
  }
}
