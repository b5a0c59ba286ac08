package dev.athanor.cli;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.exec.BuildEvent;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.exec.EventSink;
import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Outcome;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.plan.PlannedTarget;
import dev.athanor.engine.session.OutputFolder;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What became of the tests of a build. Hears of it while it happens.
final class TestRuns implements EventSink {
  /// The parts of a test, and one fact.
  static final String LOG = "log";

  static final String OUTPUTS = "outputs";
  static final String SHARDS = "shards";

  /// By the number of the action.
  private final Map<Integer, Outcome> outcomes = new ConcurrentHashMap<>();

  private volatile boolean otherFailure;

  /// Of commands nothing but tests keeps a log.
  static boolean isTest(Action action) {
    return switch (action) {
      case Action.Command command -> command.log().isPresent();
      case Action.Builtin builtin -> builtin.mnemonic().equals("test");
    };
  }

  @Override
  public void post(BuildEvent event) {
    if (event instanceof BuildEvent.ActionFinished(var number, var action, var outcome, _)) {
      if (isTest(action)) {
        outcomes.put(number, outcome);
      } else if (outcome instanceof Outcome.Failed) {
        otherFailure = true;
      }
    }
  }

  /// Whether something failed that is no test.
  boolean otherFailure() {
    return otherFailure;
  }

  /// The results of every test, in the order of the plan.
  ///
  /// @param folder where the logs of failed tests are shown too
  List<TestResult> results(BuildResult build, OutputFolder folder) throws IOException {
    List<TestResult> results = new ArrayList<>();
    for (PlannedTarget target : build.plan().targets()) {
      int[] logs = target.references(LOG);
      int[] trees = target.references(OUTPUTS);
      List<TestResult.Run> runs = new ArrayList<>();
      for (int i = 0; i < logs.length; i++) {
        runs.add(run(build, logs[i], trees[i], folder));
      }
      int shards = Integer.parseInt(target.facts().getOrDefault(SHARDS, "1"));
      results.add(new TestResult(target.label(), shards, runs));
    }
    return results;
  }

  private TestResult.Run run(BuildResult build, int log, int tree, OutputFolder folder)
      throws IOException {
    Plan plan = build.plan();
    int number = plan.producer(Plan.number(log));
    Outcome outcome = outcomes.get(number);
    if (outcome instanceof Outcome.Failed failed) {
      return failed(plan, log, tree, failed, folder);
    }
    boolean made = build.has(log);
    int attempts = 1;
    Duration wall = Duration.ofMillis(build.state().millis(number));
    if (outcome instanceof Outcome.Executed executed) {
      attempts = executed.attempts();
      wall = executed.wall();
    }
    return new TestResult.Run(
        !made
            ? TestResult.Status.NOT_RUN
            : attempts > 1 ? TestResult.Status.FLAKY : TestResult.Status.PASSED,
        made && !(outcome instanceof Outcome.Executed),
        attempts,
        wall,
        "",
        folder.path(output(plan, log)),
        build.content(log),
        build.content(tree));
  }

  private static TestResult.Run failed(
      Plan plan, int log, int tree, Outcome.Failed failed, OutputFolder folder) throws IOException {
    Artifact.Derived file = output(plan, log);
    Artifact.Derived outputs = output(plan, tree);
    @Nullable Content printed = left(failed, file);
    @Nullable Content made = left(failed, outputs);
    if (printed != null) {
      folder.show(file, printed);
    }
    if (made instanceof Content.Tree) {
      folder.show(outputs, made);
    }
    Optional<Exit> exit = failed.command().map(Outcome.Remains::exit);
    boolean late = exit.isPresent() && exit.get().cause() instanceof Exit.Cause.TimedOut;
    return new TestResult.Run(
        late ? TestResult.Status.TIMEOUT : TestResult.Status.FAILED,
        false,
        1,
        exit.map(Exit::wall).orElse(Duration.ZERO),
        failed.message(),
        folder.path(file),
        Optional.ofNullable(printed),
        Optional.ofNullable(made));
  }

  private static @Nullable Content left(Outcome.Failed failed, Artifact.Derived output) {
    return failed.command().map(remains -> remains.files().get(output.path())).orElse(null);
  }

  private static Artifact.Derived output(Plan plan, int reference) {
    return plan.output(Plan.number(reference));
  }
}
