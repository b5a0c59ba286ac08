package dev.athanor.cli;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.exec.BuildEvent;
import dev.athanor.engine.exec.EventSink;
import dev.athanor.engine.exec.Outcome;
import dev.athanor.engine.exec.Summary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Shows a build to people, on standard error: lines that move where somebody watches, and lines
/// about what ran elsewhere. Failures are shown when they happen, with all that the action printed.
final class Console implements EventSink, AutoCloseable {
  private static final long REDRAW_MILLIS = 100;

  /// How many running actions are shown.
  private static final int SHOWN = 8;

  /// Builds with more actions to do are told of from time to time, and not action by action.
  private static final int FEW = 100;

  private static final long RARELY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Screen screen;
  private final Progress progress;
  private final TestOutput tests;
  private @Nullable Thread ticker;
  private boolean many;

  /// How far `verify` is; empty where nothing is verified.
  private String verifying = "";

  private long told;

  /// @param jobs how many actions compute at once
  /// @param tests what is shown of what tests print
  Console(Terminal terminal, int jobs, TestOutput tests) {
    this.tests = tests;
    screen = new Screen(terminal.err(), terminal.interactive(), terminal.columns());
    progress = new Progress(jobs);
  }

  @Override
  public synchronized void post(BuildEvent event) {
    switch (event) {
      case BuildEvent.Loading(var targets) ->
          screen.draw(List.of("loading " + String.join(" ", targets)));
      case BuildEvent.Executing(_, var state, var toDo) -> {
        progress.begin(state, toDo);
        many = toDo.cardinality() > FEW;
        if (!toDo.isEmpty()) {
          startTicking();
        }
      }
      case BuildEvent.ActionStarted(var number, var action, _) -> progress.started(number, action);
      case BuildEvent.ActionProgress(var number, var what, var part, var total) ->
          progress.said(number, said(what, part, total));
      case BuildEvent.ActionFinished(var number, var action, var outcome, _) ->
          finished(number, action, outcome);
      case BuildEvent.SandboxChosen(var name, var hermetic, var rejected) ->
          screen.print(sandbox(name, hermetic, rejected));
      case BuildEvent.Verifying(_, var done, var of, var findings) -> {
        verifying =
            "verified "
                + done
                + " of "
                + of
                + (findings > 0 ? ", " + findings + " not deterministic" : "");
        startTicking();
      }
      case BuildEvent.Notice(var message) -> screen.print(List.of(message));
      case BuildEvent.Finished(var summary) -> {
        stopTicking();
        screen.clear();
        if (summary.executed() + summary.failed() > 0) {
          screen.print(List.of(summary(summary)));
        }
      }
    }
  }

  /// One line that stays.
  void line(String text) {
    lines(List.of(text));
  }

  /// Lines that stay, and stay together.
  synchronized void lines(List<String> lines) {
    screen.print(lines);
  }

  @Override
  public synchronized void close() {
    stopTicking();
    screen.clear();
  }

  /// For people: `1.24 s`, `350 ms`.
  static String seconds(Duration duration) {
    long millis = duration.toMillis();
    return millis < 1000 ? millis + " ms" : String.format(Locale.ROOT, "%.2f s", millis / 1000.0);
  }

  private void finished(int number, Action action, Outcome outcome) {
    boolean ran = outcome instanceof Outcome.Executed;
    progress.ended(number, ran, outcome instanceof Outcome.Failed);
    switch (outcome) {
      case Outcome.Executed executed -> executed(action, executed);
      case Outcome.Failed failed -> screen.print(failure(action, failed));
      case Outcome.CacheHit _, Outcome.UpToDate _, Outcome.Skipped _ -> {}
    }
  }

  private List<String> failure(Action action, Outcome.Failed failed) {
    List<String> lines = FailureText.of(action, failed);
    boolean brief = tests == TestOutput.SUMMARY && TestRuns.isTest(action);
    return brief ? lines.subList(0, 1) : lines;
  }

  /// Nothing about the best one.
  private static List<String> sandbox(String name, boolean hermetic, List<String> rejected) {
    List<String> lines = new ArrayList<>();
    if (!hermetic) {
      lines.add(
          "warning: commands run without isolation: their results count on this machine only");
    } else if (!rejected.isEmpty()) {
      lines.add("commands run in the sandbox '" + name + "'");
    }
    rejected.forEach(reason -> lines.add("  not " + reason));
    return lines;
  }

  private void executed(Action action, Outcome.Executed executed) {
    long now = System.nanoTime();
    if (screen.isTerminal() || (many && now - told < RARELY_NANOS)) {
      return;
    }
    told = now;
    String mark = executed.result().hermetic() ? "" : " (not hermetic)";
    String time = seconds(executed.wall());
    screen.print(List.of(progress.counts() + " " + action.describe() + mark + ", " + time));
  }

  private synchronized void redraw() {
    List<String> lines = new ArrayList<>();
    lines.add(progress.summary());
    if (!verifying.isEmpty()) {
      lines.add(verifying);
    }
    lines.addAll(progress.running(SHOWN));
    screen.draw(lines);
  }

  /// Times move on though nothing happens.
  private void startTicking() {
    if (!screen.isTerminal() || ticker != null) {
      return;
    }
    ticker =
        Thread.ofVirtual()
            .start(() -> {
              try {
                while (true) {
                  Thread.sleep(REDRAW_MILLIS);
                  redraw();
                }
              } catch (InterruptedException e) {
                // The build has ended.
              }
            });
  }

  private void stopTicking() {
    Thread ticking = ticker;
    if (ticking != null) {
      ticking.interrupt();
      ticker = null;
    }
  }

  private static String said(String what, long part, long total) {
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
