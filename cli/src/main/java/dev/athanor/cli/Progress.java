package dev.athanor.cli;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.history.BuildState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How far a build is: counts, what runs, and how long the rest will take. Not safe for use by
/// several threads.
final class Progress {
  /// Actions that never ran may be this part of all that are left, for a guess to be made.
  private static final double MAX_UNKNOWN = 0.3;

  private final int jobs;
  private final Map<Integer, Work> running = new LinkedHashMap<>();

  /// Milliseconds that each action took when it last ran, as far as that is known.
  private int[] expected = {};

  private int actions;
  private int done;
  private int cached;
  private int failed;
  private int left;
  private int leftUnknown;
  private long leftMillis;

  /// @param started by [System#nanoTime]
  /// @param said what the action last said of itself
  private record Work(Action action, long started, String said) {}

  /// @param jobs how many actions compute at once
  Progress(int jobs) {
    this.jobs = jobs;
  }

  void begin(BuildState state, BitSet toDo) {
    actions = state.plan().actionCount();
    left = toDo.cardinality();
    done = actions - left;
    cached = done;
    failed = 0;
    running.clear();
    leftMillis = 0;
    leftUnknown = 0;
    expected = left == 0 ? new int[0] : new int[actions];
    if (left > 0) {
      toDo.stream()
          .forEach(action -> {
            expected[action] = state.millis(action);
            expect(action, 1);
          });
    }
  }

  /// Adds an action to what is expected, or takes it away.
  private void expect(int action, int sign) {
    leftMillis += (long) sign * expected[action];
    leftUnknown += expected[action] == 0 ? sign : 0;
  }

  void started(int number, Action action) {
    running.put(number, new Work(action, System.nanoTime(), ""));
  }

  void said(int number, String what) {
    running.computeIfPresent(number, (_, work) -> new Work(work.action, work.started, what));
  }

  void ended(int number, boolean ran, boolean failure) {
    running.remove(number);
    done++;
    left--;
    expect(number, -1);
    cached += ran || failure ? 0 : 1;
    failed += failure ? 1 : 0;
  }

  /// `[420/1000]`
  String counts() {
    return "[" + done + "/" + actions + "]";
  }

  /// All in one line, without what runs.
  String summary() {
    StringBuilder text = new StringBuilder(counts()).append(' ').append(cached).append(" cached");
    if (failed > 0) {
      text.append(", ").append(failed).append(" failed");
    }
    if (!running.isEmpty()) {
      text.append(", ").append(running.size()).append(" running");
    }
    timeLeft().ifPresent(time -> text.append(", about ").append(rough(time)).append(" left"));
    return text.toString();
  }

  /// Lines about what runs, the longest running first.
  List<String> running(int max) {
    List<String> lines = new ArrayList<>();
    long now = System.nanoTime();
    for (Work work : running.values()) {
      if (lines.size() == max) {
        break;
      }
      String time = rough(Duration.ofNanos(now - work.started));
      lines.add("  " + " ".repeat(Math.max(0, 6 - time.length())) + time + "  " + line(work));
    }
    return lines;
  }

  private static String line(Work work) {
    return work.action.describe() + work.said;
  }

  /// How long the rest takes if it takes what it took; absent when too little is known.
  private Optional<Duration> timeLeft() {
    return left == 0 || leftUnknown > left * MAX_UNKNOWN || leftMillis < 1_000
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(leftMillis / Math.max(1, Math.min(jobs, left))));
  }

  private static String rough(Duration time) {
    long seconds = time.toSeconds();
    return seconds < 60
        ? seconds + " s"
        : seconds < 3600
            ? seconds / 60 + " min " + seconds % 60 + " s"
            : seconds / 3600 + " h " + seconds / 60 % 60 + " min";
  }
}
