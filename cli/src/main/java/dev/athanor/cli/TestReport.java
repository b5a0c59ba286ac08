package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.test.TestInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The results of tests: lines for people, or one JSON object for programs.
final class TestReport {
  private static final int MAX_INDENT = 60;

  private final Workbench bench;
  private final List<TestResult> results;
  private final List<String> asides = new ArrayList<>();
  private final byte[] junit;

  private TestReport(Workbench bench, List<TestResult> results, byte[] junit) {
    this.bench = bench;
    this.results = results;
    this.junit = junit;
  }

  /// Reads all that there is to tell.
  ///
  /// @throws dev.athanor.engine.cas.MissingBlobException when something of it is lost
  static TestReport read(List<TestResult> results, Workbench bench, TestFlags flags)
      throws IOException {
    byte[] junit = flags.junit().isPresent() ? JUnitXml.of(results, bench.blobs) : new byte[0];
    TestReport report = new TestReport(bench, results, junit);
    report.complain();
    if (flags.output() == TestOutput.ALL) {
      report.addLogs();
    }
    return report;
  }

  List<TestResult> results() {
    return results;
  }

  /// What is told besides the results.
  List<String> asides() {
    return asides;
  }

  /// The results as an XML document; empty when nobody wants it.
  byte[] junit() {
    return junit;
  }

  /// One line for each test, one for each log of a failed run, and one for all.
  List<String> text() {
    List<String> lines = new ArrayList<>();
    int longest = results.stream().mapToInt(result -> result.label().length()).max().orElse(0);
    int indent = Math.min(MAX_INDENT, longest);
    for (TestResult result : results) {
      lines.add(
          String.format(Locale.ROOT, "%-" + indent + "s  %s", result.label(), outcome(result)));
      for (TestResult.Run run : result.runs()) {
        if (!run.status().passed() && run.log().isPresent()) {
          lines.add("  " + bench.shown(run.shown()));
        }
      }
    }
    lines.add(total());
    return lines;
  }

  private static String outcome(TestResult result) {
    TestResult.Status status = result.status();
    StringBuilder text = new StringBuilder(status.text());
    if (result.runs().size() > 1 && status != TestResult.Status.PASSED) {
      text.append(" in ").append(result.count(status)).append(" of ").append(result.runs().size());
    } else if (status == TestResult.Status.FLAKY) {
      text.append(", passed after ").append(result.runs().getFirst().attempts() - 1);
      text.append(result.runs().getFirst().attempts() == 2 ? " failure" : " failures");
    }
    if (!result.wall().isZero()) {
      text.append(" in ").append(Console.seconds(result.wall()));
    }
    return result.cached() ? text + " (cached)" : text.toString();
  }

  private String total() {
    long passed = results.stream().filter(result -> result.status().passed()).count();
    long notRun = results.stream().filter(r -> r.status() == TestResult.Status.NOT_RUN).count();
    long cached = results.stream().filter(TestResult::cached).count();
    List<String> parts = new ArrayList<>();
    parts.add(passed + " passed" + (cached > 0 ? " (" + cached + " cached)" : ""));
    long failed = results.size() - passed - notRun;
    if (failed > 0) {
      parts.add(failed + " failed");
    }
    if (notRun > 0) {
      parts.add(notRun + " not run");
    }
    String tests = results.size() == 1 ? "1 test: " : results.size() + " tests: ";
    return tests + String.join(", ", parts);
  }

  /// What all passing runs printed; that of others was shown when they failed.
  private void addLogs() throws IOException {
    for (TestResult result : results) {
      for (int i = 0; i < result.runs().size(); i++) {
        TestResult.Run run = result.runs().get(i);
        if (run.status().passed()) {
          String name = result.name(i);
          asides.add("log of " + result.label() + (name.isEmpty() ? "" : ", " + name) + ":");
          run.logText(bench.blobs).lines().forEach(line -> asides.add("  | " + line));
        }
      }
    }
  }

  /// Warns of tests that are said to split themselves, and do not.
  private void complain() throws IOException {
    for (TestResult result : results) {
      if (result.shards() > 1 && result.status().passed() && !splits(result)) {
        asides.add(
            "warning: "
                + result.label()
                + " has shards, but never touches $TEST_SHARD_STATUS_FILE:"
                + " each of them may run all of it");
      }
    }
  }

  private boolean splits(TestResult result) throws IOException {
    for (TestResult.Run run : result.runs()) {
      if (run.leaf(TestInfo.SHARDING, bench.blobs).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  String json(BuildResult build) {
    JsonObject json = BuildReport.summary(build);
    JsonArray tests = new JsonArray();
    results.forEach(result -> tests.add(json(result)));
    json.add("tests", tests);
    return PrettyJson.of(json);
  }

  private static JsonObject json(TestResult result) {
    JsonObject json = new JsonObject();
    json.addProperty("label", result.label());
    json.addProperty("status", result.status().name());
    json.addProperty("cached", result.cached());
    json.addProperty("wallMs", result.wall().toMillis());
    JsonArray runs = new JsonArray();
    for (int i = 0; i < result.runs().size(); i++) {
      runs.add(json(result.runs().get(i), result.name(i)));
    }
    json.add("runs", runs);
    return json;
  }

  private static JsonObject json(TestResult.Run run, String name) {
    JsonObject json = new JsonObject();
    json.addProperty("name", name);
    json.addProperty("status", run.status().name());
    json.addProperty("cached", run.cached());
    json.addProperty("attempts", run.attempts());
    json.addProperty("wallMs", run.wall().toMillis());
    if (!run.message().isEmpty()) {
      json.addProperty("message", run.message());
    }
    run.log().ifPresent(_ -> json.addProperty("log", run.shown().toString()));
    return json;
  }
}
