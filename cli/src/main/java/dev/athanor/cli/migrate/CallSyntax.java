package dev.athanor.cli.migrate;

import java.util.ArrayList;
import java.util.List;

/// Where the parts of a call stand. The tree of the parser knows where things begin; this finds
/// where they end, by counting brackets outside of strings and comments.
///
/// @param whole from the first character of the function to behind the closing bracket
/// @param function its name
/// @param close the closing bracket
/// @param arguments in their order
record CallSyntax(Span whole, Span function, int close, List<ArgumentSyntax> arguments) {
  /// @param whole name and value, without the comma
  /// @param name empty where the argument has none
  record ArgumentSyntax(Span whole, Span name, Span value) {}

  CallSyntax {
    arguments = List.copyOf(arguments);
  }

  /// @param start of a call in a text without syntax errors
  static CallSyntax of(String text, int start) {
    int open = text.indexOf('(', start);
    List<ArgumentSyntax> arguments = new ArrayList<>();
    int at = open + 1;
    int from = at;
    while (text.charAt(at) != ')') {
      if (text.charAt(at) == ',') {
        add(arguments, text, from, at);
        from = ++at;
      } else {
        at = behind(text, at);
      }
    }
    add(arguments, text, from, at);
    int name = open;
    while (Character.isWhitespace(text.charAt(name - 1))) {
      name--;
    }
    return new CallSyntax(new Span(start, at + 1), new Span(start, name), at, arguments);
  }

  private static void add(List<ArgumentSyntax> arguments, String text, int from, int to) {
    int start = skipBlank(text, from, to);
    int end = start;
    int equals = -1;
    for (int at = start; at < to; ) {
      int next = behind(text, at);
      char c = text.charAt(at);
      if (c == '=' && equals < 0 && text.substring(start, at).strip().matches("\\w+")) {
        equals = at;
      }
      if (!Character.isWhitespace(c) && c != '#') {
        end = next;
      }
      at = next;
    }
    if (start < end) {
      Span name =
          equals < 0
              ? new Span(start, start)
              : new Span(start, start + text.substring(start, equals).strip().length());
      int value = equals < 0 ? start : skipBlank(text, equals + 1, end);
      arguments.add(new ArgumentSyntax(new Span(start, end), name, new Span(value, end)));
    }
  }

  private static int skipBlank(String text, int from, int to) {
    int at = from;
    while (at < to && (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == '#')) {
      at = behind(text, at);
    }
    return at;
  }

  /// The offset behind what begins at an offset: a string, a comment, brackets with all that is in
  /// them, or a character.
  static int behind(String text, int at) {
    return switch (text.charAt(at)) {
      case '"', '\'' -> behindString(text, at);
      case '#' -> {
        int end = text.indexOf('\n', at);
        yield end < 0 ? text.length() : end;
      }
      case '(', '[', '{' -> {
        int inner = at + 1;
        while (")]}".indexOf(text.charAt(inner)) < 0) {
          inner = behind(text, inner);
        }
        yield inner + 1;
      }
      default -> at + 1;
    };
  }

  private static int behindString(String text, int at) {
    String quote = text.substring(at, at + 1);
    boolean isLong = text.startsWith(quote.repeat(3), at);
    String end = isLong ? quote.repeat(3) : quote;
    int inner = at + end.length();
    while (!text.startsWith(end, inner)) {
      inner += text.charAt(inner) == '\\' ? 2 : 1;
    }
    return inner + end.length();
  }
}
