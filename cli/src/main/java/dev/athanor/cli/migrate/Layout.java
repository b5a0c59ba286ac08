package dev.athanor.cli.migrate;

/// A text as lines, for changes that leave no half ones behind.
record Layout(String text) {
  int lineStart(int offset) {
    return text.lastIndexOf('\n', offset - 1) + 1;
  }

  /// Behind the end of the line.
  int lineEnd(int offset) {
    int end = text.indexOf('\n', offset);
    return end < 0 ? text.length() : end + 1;
  }

  /// The blanks before what stands first on its line.
  String indent(int offset) {
    String before = text.substring(lineStart(offset), offset);
    return before.isBlank() ? before : "    ";
  }

  /// Whether nothing else stands on the lines of a part but a comma and a comment.
  boolean ownLines(Span part) {
    return text.substring(lineStart(part.from()), part.from()).isBlank()
        && text.substring(part.to(), lineEnd(part.to())).matches("\\s*,?\\s*(#.*)?\n?");
  }

  /// Whether nothing else stands on the lines of a statement but a comment.
  boolean aloneOnLines(Span statement) {
    return text.substring(lineStart(statement.from()), statement.from()).isBlank()
        && text.substring(statement.to(), lineEnd(statement.to())).matches("\\s*;?\\s*(#.*)?\n?");
  }

  /// A statement outside of functions, with all that is indented below it.
  ///
  /// @param start somewhere on its first line, outside of strings and brackets
  Span block(int start) {
    int end = logicalLineEnd(start);
    for (int next = end + 1; next < text.length(); next = lineEnd(next)) {
      String line = text.substring(next, lineEnd(next));
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (!Character.isWhitespace(line.charAt(0)) && !line.matches("(?s)(else|elif)\\b.*")) {
        break;
      }
      end = logicalLineEnd(next);
      next = end;
    }
    return new Span(lineStart(start), end);
  }

  /// The end of a line, or of the last of those that brackets, strings and backslashes make one.
  private int logicalLineEnd(int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) != '\n') {
      at = text.charAt(at) == '\\' ? at + 2 : CallSyntax.behind(text, at);
    }
    return Math.min(at, text.length());
  }

  /// An argument with one of the commas around it.
  Span inline(Span whole) {
    int to = whole.to();
    while (Character.isWhitespace(text.charAt(to))) {
      to++;
    }
    if (text.charAt(to) == ',') {
      to++;
      while (text.charAt(to) == ' ') {
        to++;
      }
      return new Span(whole.from(), to);
    }
    int from = whole.from();
    while (Character.isWhitespace(text.charAt(from - 1))) {
      from--;
    }
    return text.charAt(from - 1) == ',' ? new Span(from - 1, whole.to()) : whole;
  }

  /// Whole lines as comments.
  String commented(int from, int to, String indent) {
    StringBuilder out = new StringBuilder();
    for (String l : text.substring(from, to).split("\n", -1)) {
      String rest = l.startsWith(indent) ? l.substring(indent.length()) : l;
      out.append(l.isBlank() ? l : indent + "# " + rest).append('\n');
    }
    out.setLength(out.length() - 1);
    return out.toString();
  }
}
