package dev.athanor.engine.diff;

import java.util.ArrayList;
import java.util.List;

/// Differences as they are found: the first of them, and the number of the others.
final class Findings {
  private static final int LONGEST_STEP = 300;
  private static final int LONGEST_TEXT = 4000;

  private final int limit;
  private final List<Difference> list = new ArrayList<>();
  private long leftOut;

  Findings(int limit) {
    this.limit = limit;
  }

  /// Names and values come from outside: whatever moves a terminal's cursor is escaped.
  void add(List<String> where, Difference.Aspect aspect, String before, String after) {
    if (isFull()) {
      leftOut++;
    } else {
      List<String> steps =
          where.stream().map(step -> Shown.line(Shown.bounded(step, LONGEST_STEP))).toList();
      list.add(new Difference(steps, aspect, text(before), text(after)));
    }
  }

  private static String text(String text) {
    return Shown.lines(Shown.bounded(text, LONGEST_TEXT));
  }

  /// Counts what nobody looked at.
  void leaveOut(long count) {
    leftOut += count;
  }

  boolean isFull() {
    return list.size() >= limit;
  }

  /// How much was found so far.
  Mark mark() {
    return new Mark(list.size(), leftOut);
  }

  boolean isEmptySince(Mark mark) {
    return list.size() == mark.shown && leftOut == mark.leftOut;
  }

  /// Takes back all that came after `mark`.
  void forget(Mark mark) {
    list.subList(mark.shown, list.size()).clear();
    leftOut = mark.leftOut;
  }

  Differences all() {
    return new Differences(list, leftOut);
  }

  record Mark(int shown, long leftOut) {}
}
