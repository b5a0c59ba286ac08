package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands, flags and exit codes, whatever is built.
final class CommandLineTest {
  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    workspace =
        TestWorkspace.in(temp)
            .write("BUILD", "genrule(name = 'a', outs = ['a.txt'], cmd = 'echo a > $@')\n")
            .write("lib/BUILD", "genrule(name = 'lib', outs = ['b.txt'], cmd = 'echo b > $@')\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "build --json --jobs 1 //:a",
        "--json --jobs 1 build //:a",
        "--jobs=1 build //:a --json",
        "-j1 build --json //:a",
        "package -j 1 --json //:a",
      })
  void globalFlags_standBeforeOrAfterTheCommand(String line) {
    CliResult result = workspace.athanor(line.split(" ")).succeeds();

    assertThat(result.executed()).isEqualTo(1);
    assertThat(result.target("//:a").getAsJsonArray("outputs")).hasSize(1);
  }

  @Test
  void directory_isWhereTheCommandWorks() {
    String root = workspace.root.toString();
    TestWorkspace elsewhere = TestWorkspace.in(temp.resolve("elsewhere"));

    CliResult after = elsewhere.athanor("build", "-C", root, "//:a").succeeds();
    CliResult before = elsewhere.athanor("-C", root + "/lib", "build", ":b.txt").succeeds();

    assertThat(after.out()).isEqualTo("//:a athanor-out/a.txt\n");
    assertThat(before.out()).contains("//lib:b.txt " + root + "/athanor-out/lib/b.txt");
    assertThat(workspace.read("athanor-out/a.txt")).isEqualTo("a\n");
  }

  @Test
  void patterns_areReadFromTheWorkingDirectory() {
    assertThat(workspace.athanorIn("lib", "build", ":lib").succeeds().out()).contains("//lib:lib ");
    assertThat(workspace.athanorIn("lib", "build", "//lib").succeeds().out())
        .contains("//lib:lib ");
    assertThat(workspace.athanor("build", "//...").succeeds().out().lines().count()).isEqualTo(2);
    assertThat(workspace.athanor("build", "//...", "-//lib/...").succeeds().out())
        .isEqualTo("//:a athanor-out/a.txt\n");
  }

  @Test
  void flagGivenTwice_theLastCounts() {
    CliResult info = workspace.athanor("info", "--cache-dir=x", "--cache-dir=y").succeeds();

    assertThat(info.out()).contains(workspace.root.resolve("y").toString());
  }

  @Test
  void info_saysWhereThingsAre() {
    JsonObject json = workspace.athanor("info", "--json").succeeds().json();

    assertThat(json.get("workspace").getAsString()).isEqualTo(workspace.root.toString());
    assertThat(json.get("output").getAsString())
        .isEqualTo(workspace.root.resolve("athanor-out").toString());
    assertThat(json.get("cache").getAsString()).isEqualTo(workspace.cache.toString());
    for (String name : json.keySet()) {
      assertThat(workspace.athanor("info").succeeds().out()).contains(name);
    }
  }

  @Test
  void cache_liesWhereTheEnvironmentSays() {
    workspace.env("ATHANOR_CACHE_DIR", "").env("XDG_CACHE_HOME", "/xdg");
    assertThat(workspace.athanor("info").out()).contains(" /xdg/athanor\n");

    workspace.env("XDG_CACHE_HOME", "").env("HOME", "/somebody");
    assertThat(workspace.athanor("info").out()).contains(" /somebody/.cache/athanor\n");

    workspace.env("HOME", "");
    workspace.athanor("info").fails(ExitCode.BAD_INPUT).says("HOME is not set", "--cache-dir");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"help build", "build --help", "--help build", "build //:a -h", "help package"})
  void help_explainsACommand(String line) {
    CliResult help = workspace.athanor(line.split(" ")).succeeds();

    assertThat(help.out()).contains("usage: athanor build TARGET...");
    assertThat(help.out()).contains("--json");
    assertThat(Files.exists(workspace.root.resolve("athanor-out"))).isFalse();
  }

  @Test
  void help_listsTheFlagsOfEveryCommand_withinEightyColumns() {
    List<String> lines = workspace.athanor("help", "flags").succeeds().out().lines().toList();

    assertThat(lines.stream().filter(line -> line.startsWith("      --")).count()).isAtLeast(20);
    assertThat(lines.stream().filter(line -> line.length() > 80).toList()).isEmpty();
    GlobalFlags.options()
        .getOptions()
        .forEach(flag -> assertThat(String.join("\n", lines)).contains("--" + flag.getLongOpt()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"help", "--help", "-h", ""})
  void help_listsEveryCommand(String line) {
    CliResult help = line.isEmpty() ? workspace.athanor() : workspace.athanor(line);

    for (Command command : Commands.shown()) {
      assertThat(help.succeeds().out()).contains("  " + command.name());
      assertThat(workspace.athanor("help", command.name()).succeeds().out())
          .contains(command.summary());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"version", "--version", "--version build"})
  void version_isOneLine(String line) {
    assertThat(workspace.athanor(line.split(" ")).succeeds().out())
        .matches("athanor [0-9.]+ \\([\\w.-]+\\)\n");
  }

  @Test
  void unknownWords_areErrors_withASuggestion() {
    workspace
        .athanor("bild")
        .fails(ExitCode.BAD_INPUT)
        .says("no such command: bild", "did you mean build?");
    workspace
        .athanor("build", "--jsn", "//:a")
        .fails(ExitCode.BAD_INPUT)
        .says("build has no flag --jsn", "did you mean --json?");
    workspace
        .athanor("--frob", "build", "//:a")
        .fails(ExitCode.BAD_INPUT)
        .says("build has no flag --frob", "help build");
    workspace
        .athanor("clean", "--cash")
        .fails(ExitCode.BAD_INPUT)
        .says("clean has no flag --cash", "did you mean --cache?");
    workspace
        .athanor("help", "zzzz")
        .fails(ExitCode.BAD_INPUT)
        .says("no such command: zzzz", "athanor help");
  }

  @Test
  void wrongNumbersOfWords_areErrors() {
    workspace
        .athanor("build")
        .fails(ExitCode.BAD_INPUT)
        .says("build needs a target", "athanor build //...");
    workspace
        .athanor("run")
        .fails(ExitCode.BAD_INPUT)
        .says("exactly one target", "usage: athanor run");
    workspace
        .athanor("run", "//:a", "//lib")
        .fails(ExitCode.BAD_INPUT)
        .says("exactly one target, got 2");
    workspace
        .athanor("clean", "//:a")
        .fails(ExitCode.BAD_INPUT)
        .says("clean takes no arguments, got //:a");
    workspace
        .athanor("build", "//:a", "--", "x")
        .fails(ExitCode.BAD_INPUT)
        .says("build takes nothing after --");
    workspace
        .athanor("build", "--jobs", "0", "//:a")
        .fails(ExitCode.BAD_INPUT)
        .says("--jobs wants a number above zero, not '0'");
    workspace
        .athanor("build", "//:a", "--jobs")
        .fails(ExitCode.BAD_INPUT)
        .says("--jobs needs a value", "--jobs=N");
    workspace.athanor("--cache-dir").fails(ExitCode.BAD_INPUT).says("--cache-dir needs a value");
  }

  @Test
  void wrongTargets_areErrors_withASuggestion() {
    workspace
        .athanor("build", "//:zzzzzz")
        .fails(ExitCode.BAD_INPUT)
        .says("no such target or file: //:zzzzzz", "the package has");
    workspace
        .athanor("build", "//lub")
        .fails(ExitCode.BAD_INPUT)
        .says("no such package: //lub", "did you mean //lib?");
    workspace
        .athanor("build", "//lub/...")
        .fails(ExitCode.BAD_INPUT)
        .says("no such directory: lub");
    workspace
        .athanor("build", "//a//b")
        .fails(ExitCode.BAD_INPUT)
        .says("invalid label '//a//b'", "labels look like");
    workspace
        .athanor("run", "//:a")
        .fails(ExitCode.BAD_INPUT)
        .says("//:a (genrule) is not an image", "oci_build_image");
  }

  @Test
  void results_goToStandardOutput_andProgressToStandardError() {
    CliResult built = workspace.athanor("build", "//:a").succeeds();

    assertThat(built.out()).isEqualTo("//:a athanor-out/a.txt\n");
    assertThat(built.err()).contains("genrule //:a");
    assertThat(built.err()).contains("1 executed, 0 cached");
    assertThat(workspace.athanor("build", "//:a").err()).isEmpty();
  }

  @Test
  void failedBuild_stillPrintsItsJson() {
    workspace.write(
        "BUILD", "genrule(name = 'a', outs = ['a'], cmd = 'echo because >&2; exit 3')\n");

    CliResult failed = workspace.athanor("build", "--json", "//:a").fails(ExitCode.BUILD_FAILED);

    assertThat(failed.json().get("failed").getAsInt()).isEqualTo(1);
    assertThat(failed.target("//:a").getAsJsonArray("outputs")).isEmpty();
    failed.says("FAILED genrule //:a: exit code 3", "because");
  }

  @Test
  void keepGoing_buildsWhatItCan() {
    workspace.write(
        "BUILD",
        """
        genrule(name = "bad", outs = ["bad"], cmd = "exit 1")
        genrule(name = "after", srcs = ["bad"], outs = ["after"], cmd = "cp $< $@")
        genrule(name = "good", outs = ["good"], cmd = "echo good > $@")
        """);

    CliResult result =
        workspace.athanor("build", "-k", "--json", "//...").fails(ExitCode.BUILD_FAILED);

    assertThat(result.executed()).isEqualTo(2);
    assertThat(result.json().get("failed").getAsInt()).isEqualTo(1);
    assertThat(result.json().get("skipped").getAsInt()).isEqualTo(1);
    assertThat(workspace.read("athanor-out/good")).isEqualTo("good\n");
  }

  @Test
  void events_areLinesOfJson() throws IOException {
    workspace.athanor("build", "//:a", "--events", "events.json").succeeds();

    assertThat(
            Files.readAllLines(workspace.root.resolve("events.json")).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .map(event -> event.get("event").getAsString()))
        .containsAtLeast("actionStarted", "actionFinished", "finished")
        .inOrder();
  }
}
