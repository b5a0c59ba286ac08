package dev.athanor.engine.diff;

import java.util.List;

/// How many lines two texts have in common where they begin and where they end; none counts twice.
record CommonLines(int head, int tail) {
  static CommonLines of(List<String> before, List<String> after) {
    int common = Math.min(before.size(), after.size());
    int head = 0;
    while (head < common && before.get(head).equals(after.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < common - head
        && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
      tail++;
    }
    return new CommonLines(head, tail);
  }
}
