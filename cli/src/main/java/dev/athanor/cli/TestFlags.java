package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.rule.TestSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/// The flags of a command that tests.
///
/// @param tags of which a test must have one; those after `-` it must not have
/// @param rerun whether tests run whatever is known of them
/// @param keepGoing whether a failure stops only what depends on it
/// @param junit a file for the results
record TestFlags(
    TestSettings settings,
    TestOutput output,
    List<String> tags,
    boolean rerun,
    boolean keepGoing,
    Optional<Path> junit) {
  private static final Duration LONGEST = Duration.ofDays(7);

  private static final String RUNS = "runs-per-test";
  private static final String ATTEMPTS = "flaky-attempts";
  private static final String FILTER = "test-filter";
  private static final String ARGUMENT = "test-arg";
  private static final String ENV = "test-env";
  private static final String TIMEOUT = "test-timeout";
  private static final String OUTPUT = "test-output";
  private static final String TAGS = "test-tag-filters";
  private static final String RERUN = "rerun";
  private static final String FAIL_FAST = "fail-fast";
  private static final String JUNIT = "junit";

  TestFlags {
    tags = List.copyOf(tags);
  }

  static Options options() {
    return new Options()
        .addOption(GlobalFlags.value(null, RUNS, "N", "run every test N times"))
        .addOption(
            GlobalFlags.value(
                null, ATTEMPTS, "N", "try a test up to N times until it passes (flaky tests: 3)"))
        .addOption(
            GlobalFlags.value(
                null,
                FILTER,
                "EXPR",
                "tell tests which of their cases to run (TESTBRIDGE_TEST_ONLY)"))
        .addOption(
            GlobalFlags.value(null, ARGUMENT, "ARG", "a further argument of tests; repeatable"))
        .addOption(
            GlobalFlags.value(
                null, ENV, "NAME=VALUE", "an environment variable of tests; repeatable"))
        .addOption(
            GlobalFlags.value(
                null, TIMEOUT, "SECONDS", "how long a test may run, whatever its rule says"))
        .addOption(
            GlobalFlags.value(
                null,
                OUTPUT,
                "WHAT",
                "show what tests print: summary (nothing), errors (of failed ones), all"))
        .addOption(
            GlobalFlags.value(
                null, TAGS, "TAGS", "only tests with one of these tags, and with none after a -"))
        .addOption(GlobalFlags.flag(null, RERUN, "run tests whatever is known of them"))
        .addOption(GlobalFlags.flag(null, FAIL_FAST, "stop at the first failure"))
        .addOption(
            GlobalFlags.value(null, JUNIT, "FILE", "write the results to FILE, as JUnit XML"));
  }

  static TestFlags of(Invocation invocation) {
    CommandLine line = invocation.options();
    return new TestFlags(
        new TestSettings(
            GlobalFlags.count(line, RUNS).orElse(1),
            GlobalFlags.count(line, ATTEMPTS),
            GlobalFlags.last(line, FILTER),
            GlobalFlags.all(line, ARGUMENT),
            GlobalFlags.pairs(line, ENV),
            GlobalFlags.count(line, TIMEOUT).map(TestFlags::timeout)),
        GlobalFlags.last(line, OUTPUT).map(TestOutput::parse).orElse(TestOutput.ERRORS),
        GlobalFlags.last(line, TAGS).map(TestFlags::words).orElse(List.of()),
        line.hasOption(RERUN),
        !line.hasOption(FAIL_FAST),
        GlobalFlags.path(line, JUNIT, invocation.terminal()));
  }

  private static Duration timeout(int seconds) {
    Duration timeout = Duration.ofSeconds(seconds);
    if (timeout.compareTo(LONGEST) > 0) {
      throw new UserException(
          "--"
              + TIMEOUT
              + "="
              + seconds
              + " is more than the "
              + LONGEST.toDays()
              + " days that a test may run");
    }
    return timeout;
  }

  private static List<String> words(String text) {
    List<String> words = List.of(text.split(",", -1));
    if (words.contains("") || words.contains("-")) {
      throw new UserException(
          "--" + TAGS + " wants tags with commas between them, not '" + text + "'",
          "as in --" + TAGS + "=small,-flaky");
    }
    return words;
  }

  /// Whether a test with these tags is asked for.
  boolean admits(List<String> tagsOfTest) {
    boolean needsOne = tags.stream().anyMatch(tag -> !tag.startsWith("-"));
    return tags.stream()
            .noneMatch(tag -> tag.startsWith("-") && tagsOfTest.contains(tag.substring(1)))
        && (!needsOne || tags.stream().anyMatch(tagsOfTest::contains));
  }
}
