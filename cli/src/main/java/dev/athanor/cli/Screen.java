package dev.athanor.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// The last lines of a terminal, which are drawn again and again while what is printed moves up
/// above them. Elsewhere than on a terminal, there are none. Not safe for use by several threads.
final class Screen {
  private static final String UP = "\u001b[A";
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final boolean terminal;
  private final int columns;
  private int drawn;

  /// @param columns of the terminal; zero when it does not say
  Screen(PrintStream out, boolean terminal, int columns) {
    this.out = out;
    this.terminal = terminal;
    this.columns = columns > 0 ? columns : 80;
  }

  boolean isTerminal() {
    return terminal;
  }

  /// Prints lines that stay.
  void print(List<String> lines) {
    StringBuilder text = new StringBuilder(erasing());
    lines.forEach(line -> text.append(line).append('\n'));
    out.print(text);
    out.flush();
    drawn = 0;
  }

  /// Draws the last lines anew.
  void draw(List<String> lines) {
    if (!terminal) {
      return;
    }
    StringBuilder text = new StringBuilder(erasing());
    List<String> cut = new ArrayList<>();
    for (String line : lines) {
      cut.add(line.length() < columns ? line : line.substring(0, Math.max(1, columns - 4)) + "...");
    }
    text.append(String.join("\n", cut));
    out.print(text);
    out.flush();
    drawn = cut.size();
  }

  /// Removes the last lines.
  void clear() {
    out.print(erasing());
    out.flush();
    drawn = 0;
  }

  /// What takes the cursor to the start of the first drawn line, and leaves nothing from there on.
  private String erasing() {
    if (drawn == 0) {
      return "";
    }
    StringBuilder text = new StringBuilder(CLEAR_LINE);
    for (int i = 1; i < drawn; i++) {
      text.append(UP).append(CLEAR_LINE);
    }
    return text.toString();
  }
}
