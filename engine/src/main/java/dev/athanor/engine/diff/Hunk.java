package dev.athanor.engine.diff;

import java.util.ArrayList;
import java.util.List;

/// Lines that differ, with some around that do not: the same ones on both sides.
///
/// @param line number of the first that differs, from 1 on, on the side before
/// @param lead how many are shown in front of it
record Hunk(int line, int lead, String before, String after) {
  private static final int CONTEXT = 2;
  private static final int MAX_LINES = 12;
  private static final int MAX_COLUMNS = 160;

  /// @param from of the lines that differ, in both texts
  /// @param to behind the last of them
  static Hunk of(
      List<String> before, int from, int to, List<String> after, int afterFrom, int afterTo) {
    int lead = 0;
    while (lead < CONTEXT
        && lead < Math.min(from, afterFrom)
        && before.get(from - 1 - lead).equals(after.get(afterFrom - 1 - lead))) {
      lead++;
    }
    int trail = 0;
    while (trail < CONTEXT
        && trail < Math.min(before.size() - to, after.size() - afterTo)
        && before.get(to + trail).equals(after.get(afterTo + trail))
        && !isEnd(before, to + trail)) {
      trail++;
    }
    int cut = from < to && afterFrom < afterTo ? cut(before.get(from), after.get(afterFrom)) : 0;
    return new Hunk(
        from + 1,
        lead,
        text(before.subList(from - lead, to + trail), lead, trail, cut),
        text(after.subList(afterFrom - lead, afterTo + trail), lead, trail, cut));
  }

  /// Behind the last line end there is no line.
  private static boolean isEnd(List<String> lines, int at) {
    return at == lines.size() - 1 && lines.get(at).isEmpty();
  }

  /// As a step of a place.
  String where() {
    return "line " + line;
  }

  private static String text(List<String> lines, int lead, int trail, int cut) {
    List<String> shown = new ArrayList<>();
    int differ = lines.size() - lead - trail;
    for (int i = 0; i < lines.size(); i++) {
      boolean tooMany = differ > MAX_LINES && i == lead + MAX_LINES;
      if (tooMany) {
        shown.add("… " + (differ - MAX_LINES) + " more lines");
        i = lead + differ - 1;
      } else {
        shown.add(shortened(lines.get(i), i == lead && differ > 0 ? cut : 0));
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
