package dev.athanor.cli;

import java.util.Locale;

/// A page of Markdown while it is written.
final class Markdown {
  private final StringBuilder out = new StringBuilder();

  void heading(int level, String text) {
    out.append("#".repeat(level)).append(' ').append(text).append("\n\n");
  }

  void paragraph(String text) {
    out.append(text.strip()).append("\n\n");
  }

  void code(String text) {
    out.append("```\n").append(text.stripTrailing()).append("\n```\n\n");
  }

  /// An element of a list; [#end] must follow the last one.
  void item(String text) {
    out.append("- ").append(text).append('\n');
  }

  /// Begins a table; [#end] must follow the last [#row].
  void table(String... titles) {
    row(titles);
    out.append("|---".repeat(titles.length)).append("|\n");
  }

  void row(String... cells) {
    for (String cell : cells) {
      out.append("| ").append(cell.replace("|", "\\|").replaceAll("\\s+", " ")).append(' ');
    }
    out.append("|\n");
  }

  void end() {
    out.append('\n');
  }

  /// A link to the heading of that text.
  String link(String heading) {
    String anchor =
        heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_ -]", "").replace(' ', '-');
    return "[" + heading + "](#" + anchor + ")";
  }

  /// The page, with one line end at its end.
  String text() {
    return out.toString().stripTrailing() + "\n";
  }
}
