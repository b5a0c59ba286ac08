package dev.athanor.engine.starlark.value;

/// Searching in strings in linear time, whatever the strings.
public final class Strings {
  /// Up to this product of lengths the naive search of the JDK is fast enough at its worst.
  private static final long NAIVE_LIMIT = 1 << 24;

  private Strings() {}

  /// The first index from `from` on at which `part` occurs in `s`, or -1.
  public static int indexOf(String s, String part, int from) {
    if ((long) (s.length() - from) * part.length() <= NAIVE_LIMIT || part.length() < 8) {
      return s.indexOf(part, from);
    }
    int at = new Search(s, part, from, 1).find(s.length() - from);
    return at < 0 ? -1 : from + at - part.length();
  }

  /// The last index at which `part` occurs in the first `end` characters of `s`, or -1.
  public static int lastIndexOf(String s, String part, int end) {
    if ((long) end * part.length() <= NAIVE_LIMIT || part.length() < 8) {
      return end < part.length() ? -1 : s.lastIndexOf(part, end - part.length());
    }
    int at = new Search(s, part, end - 1, -1).find(end);
    return at < 0 ? -1 : end - at;
  }

  /// The search of Knuth, Morris and Pratt from `start` in either direction.
  private record Search(String s, String part, int start, int direction) {
    private char text(int i) {
      return s.charAt(start + i * direction);
    }

    private char pattern(int i) {
      return part.charAt(direction > 0 ? i : part.length() - 1 - i);
    }

    /// How many of the next `length` characters lead up to the end of the first match, or -1.
    int find(int length) {
      int[] borders = borders();
      int matched = 0;
      for (int i = 0; i < length; i++) {
        matched = advance(borders, matched, text(i));
        if (matched == part.length()) {
          return i + 1;
        }
      }
      return -1;
    }

    /// For each prefix of the pattern the longest proper prefix of it that is also its suffix.
    private int[] borders() {
      int[] borders = new int[part.length()];
      for (int i = 1; i < borders.length; i++) {
        borders[i] = advance(borders, borders[i - 1], pattern(i));
      }
      return borders;
    }

    private int advance(int[] borders, int matched, char c) {
      int length = matched;
      while (length > 0 && c != pattern(length)) {
        length = borders[length - 1];
      }
      return c == pattern(length) ? length + 1 : length;
    }
  }
}
