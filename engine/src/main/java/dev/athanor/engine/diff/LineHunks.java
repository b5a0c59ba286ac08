package dev.athanor.engine.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds the lines that make one text out of another: few of them, by Myers' greedy algorithm as
/// long as that is quick.
final class LineHunks {
  /// Beyond so many lines that came or went, all from the first to the last of them is one hunk.
  private static final int MAX_EDITS = 1000;

  private final List<String> before;
  private final List<String> after;
  private final int start;
  private final int[] was;
  private final int[] is;

  private LineHunks(List<String> before, List<String> after) {
    this.before = before;
    this.after = after;
    CommonLines common = CommonLines.of(before, after);
    int head = common.head();
    int tail = common.tail();
    start = head;
    Map<String, Integer> numbers = new HashMap<>();
    was = numbers(before.subList(head, before.size() - tail), numbers);
    is = numbers(after.subList(head, after.size() - tail), numbers);
  }

  private static int[] numbers(List<String> lines, Map<String, Integer> numbers) {
    return lines.stream()
        .mapToInt(line -> numbers.computeIfAbsent(line, _ -> numbers.size()))
        .toArray();
  }

  /// Whether both have the same lines, in another order.
  static boolean isReordered(List<String> before, List<String> after) {
    if (before.size() != after.size() || before.equals(after)) {
      return false;
    }
    List<String> was = new ArrayList<>(before);
    List<String> is = new ArrayList<>(after);
    Collections.sort(was);
    Collections.sort(is);
    return was.equals(is);
  }

  /// In the order of the lines.
  static List<Hunk> of(List<String> before, List<String> after) {
    return before.equals(after) ? List.of() : new LineHunks(before, after).hunks();
  }

  private List<Hunk> hunks() {
    List<int[]> furthest = new ArrayList<>();
    int edits = was.length == 0 || is.length == 0 ? -1 : search(furthest);
    return edits < 0 ? List.of(hunk(0, was.length, 0, is.length)) : walkBack(furthest, edits);
  }

  private Hunk hunk(int from, int to, int afterFrom, int afterTo) {
    return Hunk.of(before, start + from, start + to, after, start + afterFrom, start + afterTo);
  }

  /// The smallest number of edits, or -1 when there are too many.
  ///
  /// @param furthest gets, for each number of edits, how far each diagonal `-edits..edits` reaches
  ///   with one edit fewer
  private int search(List<int[]> furthest) {
    int most = Math.min(MAX_EDITS, was.length + is.length);
    int[] reach = new int[2 * most + 3];
    int zero = most + 1;
    for (int edits = 0; edits <= most; edits++) {
      furthest.add(Arrays.copyOfRange(reach, zero - edits - 1, zero + edits + 2));
      for (int k = -edits; k <= edits; k += 2) {
        boolean down = k == -edits || (k != edits && reach[zero + k - 1] < reach[zero + k + 1]);
        int x = down ? reach[zero + k + 1] : reach[zero + k - 1] + 1;
        while (x < was.length && x - k < is.length && was[x] == is[x - k]) {
          x++;
        }
        reach[zero + k] = x;
        if (x >= was.length && x - k >= is.length) {
          return edits;
        }
      }
    }
    return -1;
  }

  /// Edits that touch each other are one hunk.
  private List<Hunk> walkBack(List<int[]> furthest, int edits) {
    List<Hunk> hunks = new ArrayList<>();
    int x = was.length;
    int y = is.length;
    int hunkX = -1;
    int hunkY = -1;
    for (int d = edits; d > 0; d--) {
      int[] reach = furthest.get(d);
      int zero = d + 1;
      int k = x - y;
      boolean down = k == -d || (k != d && reach[zero + k - 1] < reach[zero + k + 1]);
      int fromK = down ? k + 1 : k - 1;
      int fromX = reach[zero + fromK];
      int fromY = fromX - fromK;
      // Where the edit ends and lines that are the same begin.
      int editX = down ? fromX : fromX + 1;
      int editY = down ? fromY + 1 : fromY;
      if (hunkX < 0) {
        hunkX = editX;
        hunkY = editY;
      } else if (x != editX) {
        hunks.add(hunk(x, hunkX, y, hunkY));
        hunkX = editX;
        hunkY = editY;
      }
      x = fromX;
      y = fromY;
    }
    if (hunkX >= 0) {
      hunks.add(hunk(x, hunkX, y, hunkY));
    }
    Collections.reverse(hunks);
    return hunks;
  }
}
