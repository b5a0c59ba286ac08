package dev.athanor.cli.migrate;

import dev.athanor.engine.starlark.lib.Universe;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The functions that a part of a text calls by their names.
final class Calls {
  private static final Pattern CALL = Pattern.compile("(?<![.\\w])([A-Za-z_]\\w*)\\(");

  /// Words that brackets may follow.
  private static final Set<String> WORDS =
      Set.of("and", "else", "for", "if", "in", "lambda", "not", "or");

  /// Functions of BUILD files, besides those of the language.
  private static final Set<String> KNOWN = Set.of("glob", "http_source", "select");

  private Calls() {}

  /// The first function that nobody has here.
  ///
  /// @param own names that the file itself declares
  static Optional<String> unknown(String text, Span part, Set<String> own) {
    Matcher calls = CALL.matcher(withoutStrings(text, part));
    while (calls.find()) {
      String name = calls.group(1);
      if (!KNOWN.contains(name)
          && !WORDS.contains(name)
          && !Universe.VALUES.containsKey(name)
          && !own.contains(name)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  private static String withoutStrings(String text, Span part) {
    StringBuilder out = new StringBuilder();
    for (int at = part.from(); at < part.to(); ) {
      char c = text.charAt(at);
      if (c == '"' || c == '\'' || c == '#') {
        at = CallSyntax.behind(text, at);
      } else {
        out.append(c);
        at++;
      }
    }
    return out.toString();
  }
}
