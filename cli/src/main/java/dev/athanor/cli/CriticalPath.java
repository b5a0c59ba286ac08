package dev.athanor.cli;

import dev.athanor.engine.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;

/// The chain of actions that the end of a build waited for.
final class CriticalPath {
  private CriticalPath() {}

  /// The numbers of its actions, last first: the one that ended last, of what it depends on the one
  /// that ended last, and so on.
  ///
  /// @param end when an action ended; negative when it did not run
  static List<Integer> of(Plan plan, IntToLongFunction end) {
    int[] latest = latest(plan, end);
    int at = -1;
    for (int action = 0; action < latest.length; action++) {
      if (end.applyAsLong(action) >= 0 && isLater(action, at, end)) {
        at = action;
      }
    }
    List<Integer> path = new ArrayList<>();
    for (; at >= 0; at = latest[at]) {
      path.add(at);
    }
    return path;
  }

  /// For each action, of all that it depends on, however indirectly, the one that ended last; -1
  /// when nothing of it ran.
  private static int[] latest(Plan plan, IntToLongFunction end) {
    int[] latest = new int[plan.actionCount()];
    for (int action = 0; action < latest.length; action++) {
      latest[action] = -1;
      for (int input : plan.inputs(action)) {
        if (Plan.isOutput(input)) {
          int producer = plan.producer(Plan.number(input));
          int last = end.applyAsLong(producer) >= 0 ? producer : latest[producer];
          if (last >= 0 && isLater(last, latest[action], end)) {
            latest[action] = last;
          }
        }
      }
    }
    return latest;
  }

  private static boolean isLater(int action, int other, IntToLongFunction end) {
    return other < 0 || end.applyAsLong(action) > end.applyAsLong(other);
  }
}
