package dev.athanor.engine.starlark.syntax;

/// One mistake that can be seen without running the file.
public record SyntaxError(Location location, String message, String sourceLine) {
  /// `file:line:column: message`, then the source line with a caret below the place.
  public String format() {
    return location + ": " + message + "\n" + excerpt(sourceLine, location.column());
  }

  @Override
  public String toString() {
    return location + ": " + message;
  }

  /// A source line and a caret under one of its columns, with tabs kept so that the caret lines up.
  public static String excerpt(String line, int column) {
    StringBuilder out = new StringBuilder("    ").append(line).append("\n    ");
    for (int i = 0; i < column - 1; i++) {
      out.append(i < line.length() && line.charAt(i) == '\t' ? '\t' : ' ');
    }
    return out.append('^').toString();
  }
}
