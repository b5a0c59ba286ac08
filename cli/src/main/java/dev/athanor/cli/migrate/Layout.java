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
