package dev.athanor.cli.migrate;

import java.util.ArrayList;
import java.util.List;

/// The lines that make one text out of another, as `diff -u` shows them.
public final class Patch {
  private static final int CONTEXT = 2;

  /// Pairs of lines that are compared at most, at four bytes each.
  private static final int MOST_PAIRS = 4_000_000;

  private final List<String> before;
  private final List<String> after;
  private final List<Line> lines = new ArrayList<>();

  /// @param sign a blank, `-` or `+`
  private record Line(char sign, String text, int before, int after) {}

  private Patch(List<String> before, List<String> after) {
    this.before = before;
    this.after = after;
  }

  /// @param from the name of the file that the text before is in
  public static String of(String from, String before, String to, String after) {
    Patch patch = new Patch(before.lines().toList(), after.lines().toList());
    patch.compare();
    return "--- " + (from.isEmpty() ? "/dev/null" : from) + "\n+++ " + to + "\n" + patch.hunks();
  }

  /// What both begin and end with is the same; what is between them is compared.
  private void compare() {
    int shorter = Math.min(before.size(), after.size());
    int head = 0;
    while (head < shorter && before.get(head).equals(after.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < shorter - head
        && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
      tail++;
    }
    same(0, 0, head);
    compare(
        head, before.subList(head, before.size() - tail), after.subList(head, after.size() - tail));
    same(before.size() - tail, after.size() - tail, tail);
  }

  private void same(int i, int j, int count) {
    for (int k = 0; k < count; k++) {
      lines.add(new Line(' ', before.get(i + k), i + k, j + k));
    }
  }

  /// By the longest common subsequence; with too many lines for that, as two texts that share none.
  ///
  /// @param head lines before both
  private void compare(int head, List<String> before, List<String> after) {
    int[][] common = common(before, after);
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      boolean both = common.length > 0 && i < before.size() && j < after.size();
      if (both && before.get(i).equals(after.get(j))) {
        lines.add(new Line(' ', before.get(i), head + i++, head + j++));
      } else if (i < before.size() && (!both || common[i + 1][j] >= common[i][j + 1])) {
        lines.add(new Line('-', before.get(i), head + i++, head + j));
      } else {
        lines.add(new Line('+', after.get(j), head + i, head + j++));
      }
    }
  }

  /// How many lines are common from two lines on; empty where there are too many.
  private static int[][] common(List<String> before, List<String> after) {
    if ((long) before.size() * after.size() > MOST_PAIRS) {
      return new int[0][];
    }
    int[][] common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }

  private String hunks() {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < lines.size()) {
      int first = next(at);
      if (first == lines.size()) {
        break;
      }
      int from = Math.max(at, first - CONTEXT);
      int to = first + 1;
      for (int more = next(to); more < lines.size() && more - to <= 2 * CONTEXT; more = next(to)) {
        to = more + 1;
      }
      int end = Math.min(lines.size(), to + CONTEXT);
      hunk(lines.subList(from, end), out);
      at = end;
    }
    return out.toString();
  }

  /// The next line that differs.
  private int next(int at) {
    int next = at;
    while (next < lines.size() && lines.get(next).sign == ' ') {
      next++;
    }
    return next;
  }

  private static void hunk(List<Line> hunk, StringBuilder out) {
    long was = hunk.stream().filter(line -> line.sign != '+').count();
    long is = hunk.stream().filter(line -> line.sign != '-').count();
    Line first = hunk.getFirst();
    out.append("@@ -").append(first.before + (was == 0 ? 0 : 1)).append(',').append(was);
    out.append(" +").append(first.after + (is == 0 ? 0 : 1)).append(',').append(is).append(" @@\n");
    hunk.forEach(line -> out.append(line.sign).append(line.text).append('\n'));
  }
}
