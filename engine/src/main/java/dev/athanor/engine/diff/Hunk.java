package dev.athanor.engine.diff;

import java.util.ArrayList;
import java.util.List;

/// Lines that differ, with some around that do not: the same ones on both sides.
///
/// @param line number of the first that differs, from 1 on, on the side before
record Hunk(int line, String before, String after) {
  private static final int CONTEXT = 2;
  private static final int MAX_LINES = 12;
  private static final int MAX_COLUMNS = 160;

  /// @param from of the lines that differ, in both texts
  /// @param to behind the last of them
  static Hunk of(
      List<String> before, int from, int to, List<String> after, int afterFrom, int afterTo) {
    int cut = from < to && afterFrom < afterTo ? cut(before.get(from), after.get(afterFrom)) : 0;
    return new Hunk(from + 1, text(before, from, to, cut), text(after, afterFrom, afterTo, cut));
  }

  /// As a step of a place.
  String where() {
    return "line " + line;
  }

  private static String text(List<String> lines, int from, int to, int cut) {
    List<String> shown = new ArrayList<>();
    for (int i = Math.max(0, from - CONTEXT); i < from; i++) {
      shown.add(shortened(lines.get(i), 0));
    }
    int last = Math.min(to, from + MAX_LINES);
    for (int i = from; i < last; i++) {
      shown.add(shortened(lines.get(i), i == from ? cut : 0));
    }
    if (last < to) {
      shown.add("… " + (to - last) + " more lines");
    } else {
      for (int i = to; i < Math.min(lines.size(), to + CONTEXT); i++) {
        // Behind the last line end there is no line.
        if (i < lines.size() - 1 || !lines.get(i).isEmpty()) {
          shown.add(shortened(lines.get(i), 0));
        }
      }
    }
    return String.join("\n", shown);
  }

  /// Where to begin with two long lines, so that what differs can be seen.
  private static int cut(String before, String after) {
    int common = 0;
    int length = Math.min(before.length(), after.length());
    while (common < length && before.charAt(common) == after.charAt(common)) {
      common++;
    }
    return common < MAX_COLUMNS / 2 ? 0 : common - MAX_COLUMNS / 4;
  }

  private static String shortened(String line, int cut) {
    String rest = cut == 0 ? line : "…" + line.substring(Math.min(cut, line.length()));
    return Shown.bounded(rest, MAX_COLUMNS);
  }
}
