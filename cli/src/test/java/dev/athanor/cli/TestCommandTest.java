package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonObject;
import dev.athanor.engine.session.OutputFolder;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/// `athanor test` over tests of every kind.
final class TestCommandTest {
  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    workspace =
        TestWorkspace.in(temp)
            .write("app/data.txt", "hello\n")
            .program("app/run.sh", "#!/bin/sh\necho \"[$1] [$2]\"\ncat \"$1\"\n");
  }

  private TestWorkspace tests(String text) {
    return workspace.write("app/BUILD", text);
  }

  private JsonObject run(String label, int index, String... flags) {
    return test(label, flags).getAsJsonArray("runs").get(index).getAsJsonObject();
  }

  private JsonObject test(String label, String... flags) {
    List<String> words = new ArrayList<>(List.of("test", "--json", label));
    words.addAll(List.of(flags));
    return workspace
        .athanor(words.toArray(String[]::new))
        .json()
        .getAsJsonArray("tests")
        .get(0)
        .getAsJsonObject();
  }

  private String log(String below) {
    return workspace.read("athanor-out/app/" + below + "/test.log");
  }

  @Test
  void passedTest_isNotRunAgain_untilSomethingThatItSeesChanges() {
    tests("test(name = 'good', cmd = 'grep -q hello $(location data.txt)', data = ['data.txt'])");
    workspace.write("app/other.txt", "1");

    CliResult first = workspace.athanor("test", "//...").succeeds();
    assertThat(first.ran()).containsExactly("test //app:good");
    assertThat(first.out()).contains("//app:good  PASSED in ");

    workspace.write("app/other.txt", "2");
    CliResult second = workspace.athanor("test", "//...").succeeds();
    assertThat(second.ran()).isEmpty();
    assertThat(second.out()).containsMatch("//app:good  PASSED.* \\(cached\\)");
    assertThat(second.out()).contains("1 test: 1 passed (1 cached)");

    workspace.write("app/data.txt", "hello again");
    assertThat(workspace.athanor("test", "//...").succeeds().ran()).hasSize(1);

    workspace.write("app/data.txt", "bye");
    workspace.athanor("test", "//...").fails(ExitCode.TESTS_FAILED);
  }

  @Test
  void failedTest_showsWhatItPrinted_inOrder_andLeavesItsLog() {
    tests("test(name = 'bad', cmd = 'echo one; echo two >&2; echo three; exit 3')");

    CliResult result = workspace.athanor("test", "//app:bad").fails(ExitCode.TESTS_FAILED);

    assertThat(result.out()).contains("//app:bad  FAILED in ");
    assertThat(result.out()).contains("athanor-out/app/bad.test/test.log");
    result.says("FAILED test //app:bad: exit code 3", "  | one\n  | two\n  | three\n");
    assertThat(log("bad.test")).isEqualTo("one\ntwo\nthree\n");
    assertThat(workspace.athanor("test", "//app:bad", "--test-output=summary").err())
        .doesNotContain("| one");
    assertThat(run("//app:bad", 0).get("message").getAsString()).isEqualTo("exit code 3");
  }

  @Test
  void failure_doesNotStopOtherTests_unlessItIsToldTo() {
    tests(
        """
        [test(name = "bad%d" % i, cmd = "exit 1") for i in range(4)]
        test(name = "good", cmd = "true")
        """);

    CliResult result = workspace.athanor("test", "//...").fails(ExitCode.TESTS_FAILED);
    assertThat(result.out()).contains("5 tests: 1 passed, 4 failed");

    CliResult fast = workspace.athanor("test", "-j1", "--fail-fast", "//...");
    assertThat(fast.fails(ExitCode.TESTS_FAILED).out()).contains("not run");
  }

  @Test
  void testThatCannotBeBuilt_isABuildFailure() {
    tests(
        """
        genrule(name = "broken", outs = ["data"], cmd = "exit 1")
        test(name = "needs", cmd = "true", data = [":broken"])
        """);

    CliResult result = workspace.athanor("test", "//app:needs").fails(ExitCode.BUILD_FAILED);

    assertThat(result.out()).contains("//app:needs  NOT RUN");
  }

  @Test
  void nothingToTest_hasAnExitCodeOfItsOwn() {
    tests("filegroup(name = 'files')\ntest(name = 'slow', cmd = 'true', tags = ['slow'])");

    workspace.athanor("test", "//app:files").fails(ExitCode.NO_TESTS);
    workspace.athanor("test", "//...", "--test-tag-filters=-slow").fails(ExitCode.NO_TESTS);
    workspace.athanor("test", "//...", "--test-tag-filters=slow,other").succeeds();
    workspace.athanor("test", "//...", "--test-tag-filters=medium").succeeds();
  }

  @Test
  void program_getsItsArguments_andSeesItsData() {
    tests(
        """
        test(
            name = "script",
            program = "run.sh",
            args = ["$(location data.txt)", "two words"],
            data = ["data.txt"],
        )
        """);

    workspace.athanor("test", "//app:script").succeeds();
    assertThat(log("script.test")).isEqualTo("[app/data.txt] [two words]\nhello\n");

    workspace.athanor("test", "//app:script", "--test-arg=x", "--test-output=all").succeeds();
  }

  @Test
  void scriptAtTheRoot_isNotLookedForElsewhere() {
    workspace
        .program("true", "#!/bin/sh\nexit 7\n")
        .write("BUILD", "sh_test(name = 'mine', srcs = ['true'])");

    workspace.athanor("test", "//:mine").fails(ExitCode.TESTS_FAILED).says("exit code 7");
  }

  @Test
  void lateTest_isStopped() {
    tests("test(name = 'slow', cmd = 'sleep 30', timeout = 1)");

    CliResult result = workspace.athanor("test", "//app:slow").fails(ExitCode.TESTS_FAILED);

    assertThat(result.out()).containsMatch("//app:slow  TIMEOUT in [1-9]");
    tests("test(name = 'slow', cmd = 'sleep 30')");
    workspace
        .athanor("test", "//app:slow", "--test-timeout=1")
        .fails(ExitCode.TESTS_FAILED)
        .says("timed out after 1 s");
  }

  @Test
  void flakyTest_passesAfterItFailed_andRunsAgainNextTime() {
    tests(
        """
        test(name = "steady", cmd = "true", flaky = True)
        test(
            name = "flaky",
            cmd = "[ $$(od -An -N1 -tu1 /dev/urandom) -lt 64 ]",
            flaky = True,
        )
        """);

    // One that happens to pass at once is known from then on, so each try is a test of its own.
    int seed = 0;
    JsonObject flaky;
    do {
      seed++;
      flaky = run("//app:flaky", 0, "--flaky-attempts=200", "--test-env=SEED=" + seed);
    } while (flaky.get("attempts").getAsInt() == 1);

    assertThat(flaky.get("status").getAsString()).isEqualTo("FLAKY");
    JsonObject again = run("//app:flaky", 0, "--flaky-attempts=200", "--test-env=SEED=" + seed);
    assertThat(again.get("cached").getAsBoolean()).isFalse();
    run("//app:steady", 0);
    assertThat(run("//app:steady", 0).get("cached").getAsBoolean()).isTrue();
  }

  @Test
  void shards_areRunsOfTheirOwn() {
    tests(
        """
        test(
            name = "split",
            cmd = "touch $$TEST_SHARD_STATUS_FILE; echo $$TEST_SHARD_INDEX of $$TEST_TOTAL_SHARDS",
            shard_count = 3,
        )
        test(name = "whole", cmd = "true", shard_count = 2)
        """);

    assertThat(workspace.athanor("test", "//app:split").succeeds().err())
        .doesNotContain("TEST_SHARD_STATUS_FILE");
    assertThat(log("split.test/shard_3_of_3")).isEqualTo("2 of 3\n");
    workspace
        .athanor("test", "//app:whole")
        .succeeds()
        .says("//app:whole has shards, but never touches $TEST_SHARD_STATUS_FILE");
  }

  @Test
  void repeatedTest_runsAsOftenAsItIsTold() {
    tests("test(name = 'each', cmd = 'echo $$TEST_RUN_NUMBER; [ $$TEST_RUN_NUMBER != 2 ]')");

    CliResult result =
        workspace.athanor("test", "//app:each", "--runs-per-test=4").fails(ExitCode.TESTS_FAILED);

    assertThat(result.out()).contains("//app:each  FAILED in 1 of 4 in ");
    assertThat(log("each.test/run_2_of_4")).isEqualTo("2\n");
  }

  @Test
  void rerun_runsWhatIsKnown_andNothingElse() {
    tests(
        """
        genrule(name = "data", outs = ["made"], cmd = "echo x > $@")
        test(name = "good", cmd = "true", data = [":data"])
        """);
    workspace.athanor("test", "//app:good").succeeds();

    assertThat(workspace.athanor("test", "//app:good", "--rerun").succeeds().ran())
        .containsExactly("test //app:good");
    assertThat(workspace.athanor("test", "//app:good").succeeds().ran()).isEmpty();
  }

  /// A pass that was refuted is none.
  @Test
  void failedRerun_isNotForgotten() {
    tests(
        """
        test(name = "odd", cmd = "[ $$(od -An -N1 -tu1 /dev/urandom) -lt 128 ]")
        """);
    while (workspace.athanor("test", "//app:odd").code() != 0) {}
    while (workspace.athanor("test", "//app:odd", "--rerun").code() == 0) {}

    assertThat(run("//app:odd", 0).get("cached").getAsBoolean()).isFalse();
  }

  @Test
  void lostBlobOfAKnownResult_isMadeAgain() throws IOException {
    tests(
        "test(name = 'split', cmd = 'echo hello; touch $$TEST_SHARD_STATUS_FILE', shard_count = 2)");
    workspace.athanor("test", "//app:split").succeeds();
    OutputFolder.delete(workspace.cache.resolve("cas"));

    workspace.athanor("test", "//app:split", "--junit=out.xml", "--test-output=all").succeeds();

    assertThat(workspace.read("out.xml")).contains("hello");
  }

  @Test
  void environment_isThatOfTheRuleAndTheCommandLine() {
    tests(
        "test(name = 'env', cmd = 'echo $$A $$B $$TESTBRIDGE_TEST_ONLY', env = {'A': '1', 'B': '2'})");

    workspace.athanor("test", "//app:env", "--test-env=B=3", "--test-filter=Some*").succeeds();

    assertThat(log("env.test")).isEqualTo("1 3 Some*\n");
  }

  /// Variables hold places that are there, in whatever sandbox.
  @Test
  void results_canBeWrittenInAnySandbox() {
    tests(
        """
        test(
            name = "writes",
            cmd = "echo x > $$TEST_UNDECLARED_OUTPUTS_DIR/x; cd /; cat $$TEST_SRCDIR/app/data.txt",
            data = ["data.txt"],
        )
        """);

    for (String sandbox : List.of("auto", "plain")) {
      workspace.athanor("test", "//app:writes", "--rerun", "--sandbox=" + sandbox).succeeds();
      assertThat(workspace.read("athanor-out/app/writes.test/outputs/x")).isEqualTo("x\n");
    }
  }

  @Test
  void suite_standsForItsTests() {
    tests(
        """
        test(name = "a", cmd = "true")
        test(name = "b", cmd = "true")
        test(name = "c", cmd = "false")
        test_suite(name = "inner", tests = [":a"])
        test_suite(name = "suite", tests = [":inner", ":b", ":a"])
        filegroup(name = "files")
        test_suite(name = "wrong", tests = [":files"])
        """);

    assertThat(workspace.athanor("test", "//app:suite").succeeds().out()).contains("2 tests: ");
    workspace
        .athanor("test", "//app:wrong")
        .fails(ExitCode.BAD_INPUT)
        .says("//app:files (filegroup) is not a test");
  }

  @Test
  void userRule_canBeATest() {
    workspace.write(
        "app/rules.bzl",
        """
        def _impl(ctx):
            out = ctx.outputs.executable
            ctx.actions.write(out, "#!/bin/sh\\necho $GREETING\\nexec cat $1\\n", is_executable = True)
            return [DefaultInfo(executable = out, runfiles = ctx.runfiles(files = ctx.files.data))]

        cat_test = rule(
            implementation = _impl,
            test = True,
            attrs = {"data": attr.label_list(allow_files = True)},
        )
        misnamed = rule(implementation = _impl, test = True, attrs = {"data": attr.label_list()})
        """);
    tests(
        """
        load(":rules.bzl", "cat_test")
        cat_test(name = "mine", data = ["data.txt"], args = ["app/data.txt"], env = {"GREETING": "hi"})
        """);

    workspace.athanor("test", "//app:mine").succeeds();
    assertThat(log("mine.test")).isEqualTo("hi\nhello\n");

    tests("load(':rules.bzl', 'misnamed')\nmisnamed(name = 'mine')");
    workspace
        .athanor("test", "//app:mine")
        .fails(ExitCode.BAD_INPUT)
        .says("the name of a rule for tests must end in _test, unlike misnamed");
  }

  @Test
  void badAttributes_areTold() {
    tests("test(name = 'none')");
    workspace.athanor("test", "//...").fails(ExitCode.BAD_INPUT).says("either a program or a cmd");

    tests("test(name = 'many', cmd = 'true', shard_count = 1000)");
    workspace
        .athanor("test", "//...")
        .fails(ExitCode.BAD_INPUT)
        .says("is 1000, which is not between 1 and 50");
  }

  @Test
  void junit_hasACaseForEachRun_orWhatTheTestWroteItself() throws Exception {
    tests(
        """
        test(name = "good", cmd = "printf 'a<b \\\\033[31mred\\\\007\\\\n'")
        test(name = "bad", cmd = "exit 5")
        test(name = "late", cmd = "sleep 30", timeout = 1)
        test(name = "own", cmd = "cp $(location own.xml) $$XML_OUTPUT_FILE", data = ["own.xml"])
        test(name = "dies", cmd = "cp $(location own.xml) $$XML_OUTPUT_FILE; exit 9", data = ["own.xml"])
        test(name = "garbage", cmd = "echo '<!DOCTYPE x [' > $$XML_OUTPUT_FILE")
        """);
    workspace.write(
        "app/own.xml",
        "<testsuites><testsuite name=\"mine\"><testcase name=\"a &amp; b\"/></testsuite></testsuites>");

    workspace.athanor("test", "//...", "--junit=results.xml").fails(ExitCode.TESTS_FAILED);

    Document xml =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(workspace.read("results.xml"))));
    List<String> cases = new ArrayList<>();
    for (int i = 0; i < xml.getElementsByTagName("testcase").getLength(); i++) {
      Element test = (Element) xml.getElementsByTagName("testcase").item(i);
      Element suite = (Element) test.getParentNode();
      String children = "";
      for (var child = test.getFirstChild(); child != null; child = child.getNextSibling()) {
        children += " " + child.getNodeName() + "=" + child.getTextContent().strip();
      }
      cases.add(suite.getAttribute("name") + ": " + test.getAttribute("name") + children);
    }
    assertThat(cases)
        .containsExactly(
            "//app:good: //app:good system-out=a<b red",
            "//app:bad: //app:bad failure=",
            "//app:late: //app:late error=",
            "mine: a & b",
            "mine: a & b",
            "//app:dies: //app:dies failure=",
            "//app:garbage: //app:garbage")
        .inOrder();
  }
}
