package dev.athanor.cli;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.plan.WantedTarget;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.session.Goal;
import dev.athanor.engine.test.TestInfo;
import dev.athanor.engine.test.TestSuiteInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.commons.cli.Options;
import org.jspecify.annotations.Nullable;

/// `athanor test`: builds tests, runs them, and tells which of them fail.
final class TestCommand implements Command {
  @Override
  public String name() {
    return "test";
  }

  @Override
  public boolean isBuild() {
    return true;
  }

  @Override
  public String usage() {
    return "TARGET...";
  }

  @Override
  public String summary() {
    return "Builds and runs tests, as far as their results are not known.";
  }

  @Override
  public String description() {
    return """
    Runs every test among the targets; other targets are built only if a test needs them. A test
    that passed is not run again until something that it can see changes. One that passed only after
    it failed is reported as flaky, and runs again next time. Logs, and what else tests leave, are
    shown under athanor-out, in a folder called like the test with .test at the end.\
    """;
  }

  @Override
  public Options options() {
    return TestFlags.options();
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    TestFlags flags = TestFlags.of(invocation);
    TestRuns runs = new TestRuns();
    try (Workbench bench = new Workbench(invocation, flags, runs)) {
      AtomicReference<@Nullable TestReport> read = new AtomicReference<>();
      BuildResult build =
          bench.build(
              goal(flags),
              bench.patterns(invocation.targets()),
              built -> read.set(TestReport.read(runs.results(built, bench.outputs), bench, flags)));
      TestReport report = Objects.requireNonNull(read.get());
      if (report.results().isEmpty()) {
        bench.console.line("there is no test among these targets");
        return ExitCode.NO_TESTS;
      }
      print(report, bench, flags, build, invocation);
      return exitCode(runs, report.results());
    }
  }

  private static Goal goal(TestFlags flags) {
    String filter =
        flags.tags().isEmpty() ? "" : " --test-tag-filters=" + String.join(",", flags.tags());
    return new Goal(
        "test" + filter,
        target -> choose(target, flags).toList(),
        flags.rerun() ? Optional.of(TestRuns.LOG) : Optional.empty());
  }

  private static Stream<WantedTarget> choose(ConfiguredTarget target, TestFlags flags) {
    Optional<TestSuiteInfo> suite = target.providers().get(TestSuiteInfo.class);
    if (suite.isPresent()) {
      return suite.get().tests().stream().flatMap(member -> choose(member, flags));
    }
    return target.providers().get(TestInfo.class).stream()
        .filter(test -> flags.admits(test.tags()))
        .map(test -> wanted(target, test));
  }

  private static WantedTarget wanted(ConfiguredTarget target, TestInfo test) {
    List<Artifact> logs = new ArrayList<>();
    List<Artifact> outputs = new ArrayList<>();
    for (TestInfo.Run run : test.runs()) {
      logs.add(run.log());
      outputs.add(run.outputs());
    }
    List<Artifact> all = new ArrayList<>(logs);
    all.addAll(outputs);
    return WantedTarget.of(
            target.label(),
            target.rule(),
            Map.of(WantedTarget.FILES, all, TestRuns.LOG, logs, TestRuns.OUTPUTS, outputs))
        .withFact(TestRuns.SHARDS, String.valueOf(test.shards()));
  }

  private static void print(
      TestReport report, Workbench bench, TestFlags flags, BuildResult build, Invocation invocation)
      throws IOException {
    bench.console.close();
    bench.console.lines(report.asides());
    if (invocation.json()) {
      invocation.terminal().out().println(report.json(build));
    } else {
      report.text().forEach(invocation.terminal().out()::println);
    }
    if (flags.junit().isPresent()) {
      Files.write(flags.junit().get(), report.junit());
    }
  }

  private static ExitCode exitCode(TestRuns runs, List<TestResult> results) {
    boolean allPassed = results.stream().allMatch(result -> result.status().passed());
    if (runs.otherFailure()) {
      return ExitCode.BUILD_FAILED;
    }
    return allPassed ? ExitCode.SUCCESS : ExitCode.TESTS_FAILED;
  }
}
