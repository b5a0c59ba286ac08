package dev.athanor.cli;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.exec.BuildEvent;
import dev.athanor.engine.exec.EventSink;
import dev.athanor.engine.exec.Outcome;
import dev.athanor.engine.exec.Summary;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Shows a build to people, on standard error: a status line that moves where somebody watches, a
/// line for each action that ran elsewhere. Failures are shown when they happen, with all that the
/// action printed.
final class Console implements EventSink, AutoCloseable {
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream err;
  private final boolean interactive;

  /// What runs now.
  private final Map<Integer, Work> running = new LinkedHashMap<>();

  /// @param said what the action last said of itself
  private record Work(Action action, String said) {}

  private int actions;
  private int done;
  private int cached;
  private long drawn;
  private boolean statusShown;

  Console(PrintStream err, boolean interactive) {
    this.err = err;
    this.interactive = interactive;
  }

  @Override
  public synchronized void post(BuildEvent event) {
    switch (event) {
      case BuildEvent.Loading(var targets) -> status("loading " + String.join(" ", targets));
      case BuildEvent.Executing(_, var plan, var upToDate) -> {
        actions = plan.actionCount();
        done = upToDate;
        cached = upToDate;
      }
      case BuildEvent.ActionStarted(var number, var action, _) -> {
        running.put(number, new Work(action, ""));
        redraw();
      }
      case BuildEvent.ActionProgress(var number, var what, var part, var total) -> {
        running.computeIfPresent(
            number, (_, work) -> new Work(work.action, progress(what, part, total)));
        redraw();
      }
      case BuildEvent.ActionFinished(var number, var action, var outcome, _) ->
          finished(number, action, outcome);
      case BuildEvent.Notice(var message) -> line(message);
      case BuildEvent.Finished(var summary) -> {
        clear();
        if (summary.executed() + summary.failed() > 0) {
          line(summary(summary));
        }
      }
    }
  }

  /// One line that stays.
  synchronized void line(String text) {
    clear();
    err.println(text);
    err.flush();
  }

  @Override
  public synchronized void close() {
    clear();
    err.flush();
  }

  /// For people: `1.24 s`, `350 ms`.
  static String seconds(Duration duration) {
    long millis = duration.toMillis();
    return millis < 1000 ? millis + " ms" : String.format(Locale.ROOT, "%.2f s", millis / 1000.0);
  }

  private void finished(int number, Action action, Outcome outcome) {
    done++;
    running.remove(number);
    switch (outcome) {
      case Outcome.Executed(_, _, var wall, var hermetic) -> {
        if (!interactive) {
          String mark = hermetic ? "" : " (not hermetic)";
          line("[" + done + "/" + actions + "] " + action.describe() + mark + ", " + seconds(wall));
        }
      }
      case Outcome.CacheHit _, Outcome.UpToDate _ -> cached++;
      case Outcome.Failed failed -> failure(action, failed);
      case Outcome.Skipped _ -> {}
    }
    redraw();
  }

  private void failure(Action action, Outcome.Failed failed) {
    clear();
    err.println("FAILED " + action.describe() + ": " + failed.message());
    failed.output().lines().forEach(text -> err.println("  | " + text));
    if (action instanceof Action.Command command) {
      err.println("  command: " + String.join(" ", command.argv()));
    }
    failed.kept().ifPresent(path -> err.println("  sandbox kept in " + path));
    failed.hint().ifPresent(hint -> err.println("hint: " + hint));
    err.flush();
  }

  private void redraw() {
    long now = System.nanoTime();
    if (!interactive || now - drawn < REDRAW_NANOS) {
      return;
    }
    drawn = now;
    Work first = running.isEmpty() ? null : running.values().iterator().next();
    status("[" + done + "/" + actions + "] " + cached + " cached" + describe(first));
  }

  private String describe(@Nullable Work first) {
    if (first == null) {
      return "";
    }
    String more = running.size() > 1 ? " and " + (running.size() - 1) + " more" : "";
    return ", " + first.action.describe() + first.said + more;
  }

  private void status(String text) {
    if (interactive) {
      err.print(CLEAR_LINE + (text.length() > 110 ? text.substring(0, 107) + "..." : text));
      err.flush();
      statusShown = true;
    }
  }

  private void clear() {
    if (statusShown) {
      err.print(CLEAR_LINE);
      statusShown = false;
    }
  }

  private static String progress(String what, long part, long total) {
    String percent = total > 0 ? " " + Math.min(100, part * 100 / total) + " %" : "";
    return " (" + what + percent + ")";
  }

  private static String summary(Summary summary) {
    return summary.executed()
        + " executed, "
        + summary.cached()
        + " cached, "
        + summary.failed()
        + " failed, "
        + summary.skipped()
        + " skipped, in "
        + seconds(summary.wall());
  }
}
