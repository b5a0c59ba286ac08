package dev.athanor.engine.exec;

import java.util.Collection;
import java.util.stream.Collectors;

/// Writes words as a POSIX shell reads them.
public final class ShellWords {
  private ShellWords() {}

  /// `text` as one word.
  public static String quote(String text) {
    boolean plain = !text.isEmpty();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      plain &= letter || "_./+@%,=#:-".indexOf(c) >= 0;
    }
    // A `#` at the start would be a comment.
    return plain && text.charAt(0) != '#' ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /// A command line of these words.
  public static String join(Collection<String> words) {
    return words.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
  }
}
