package dev.athanor.engine.starlark.lib;

import java.util.Locale;

/// The case of strings, by code point and without regard to any locale.
final class StringCase {
  private StringCase() {}

  static String capitalize(String s) {
    if (s.isEmpty()) {
      return s;
    }
    int first = s.codePointAt(0);
    return Character.toString(Character.toTitleCase(first))
        + s.substring(Character.charCount(first)).toLowerCase(Locale.ROOT);
  }

  /// Each run of letters begins in upper case and goes on in lower case.
  static String title(String s) {
    StringBuilder out = new StringBuilder(s.length());
    boolean inWord = false;
    for (int c : s.codePoints().toArray()) {
      out.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
      inWord = Character.isLetter(c);
    }
    return out.toString();
  }

  static boolean isLower(String s) {
    return s.codePoints().anyMatch(Character::isLowerCase)
        && s.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
  }

  static boolean isUpper(String s) {
    return s.codePoints().anyMatch(Character::isUpperCase)
        && s.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
  }

  static boolean isTitle(String s) {
    boolean inWord = false;
    boolean anyWord = false;
    for (int c : s.codePoints().toArray()) {
      boolean upper = Character.isUpperCase(c) || Character.isTitleCase(c);
      boolean cased = upper || Character.isLowerCase(c);
      if (cased && upper == inWord) {
        return false;
      }
      inWord = cased;
      anyWord |= cased;
    }
    return anyWord;
  }
}
