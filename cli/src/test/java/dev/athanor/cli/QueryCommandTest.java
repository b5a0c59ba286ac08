package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QueryCommandTest {
  private final TestWorkspace workspace;

  QueryCommandTest(@TempDir Path folder) {
    workspace =
        TestWorkspace.in(folder)
            .write(
                "BUILD",
                """
                genrule(name = "upper", srcs = ["words.txt"], outs = ["upper.txt"], cmd = "tr a-z A-Z < $< > $@")
                genrule(name = "twice", srcs = [":upper.txt"], outs = ["twice.txt"], cmd = "cat $< $< > $@")
                filegroup(name = "both", srcs = [":upper", ":twice"])
                """)
            .write("words.txt", "some words\n")
            .write("app/BUILD", "files(name = 'files', srcs = ['main.sh', '//:upper.txt'])")
            .write("app/main.sh", "");
  }

  @Test
  void query_printsLabels() {
    CliResult result = workspace.athanor("query", "deps(//app:files)").succeeds();

    assertThat(result.out())
        .isEqualTo("//:upper\n//:upper.txt\n//:words.txt\n//app:files\n//app:main.sh\n");
  }

  @Test
  void query_severalPatterns_areTakenTogether() {
    assertThat(workspace.athanor("query", "//...", "-//:both", "-//:twice").succeeds().out())
        .isEqualTo("//:upper\n//app:files\n");
  }

  @Test
  void query_relativePattern_startsWhereOneStands() {
    assertThat(
            workspace
                .athanorIn("app", "query", ":files + ...", "--output=location")
                .succeeds()
                .out())
        .isEqualTo("app/BUILD:1:1: files rule //app:files\n");
  }

  @Test
  void query_outputs() {
    assertThat(workspace.athanor("query", "//:*", "--output", "label_kind").succeeds().out())
        .isEqualTo(
            """
            source file //:BUILD
            filegroup rule //:both
            genrule rule //:twice
            generated file //:twice.txt
            genrule rule //:upper
            generated file //:upper.txt
            source file //:words.txt
            """);
    assertThat(workspace.athanor("query", "//...", "--output=package").succeeds().out())
        .isEqualTo("\napp\n");
    assertThat(workspace.athanor("query", "//:both", "--json").succeeds().target("//:both"))
        .isEqualTo(
            workspace.athanor("query", "//:both", "--output=json").succeeds().target("//:both"));
  }

  @Test
  void query_orderOfDependencies() {
    assertThat(workspace.athanor("query", "deps(//:both)", "--order=deps").succeeds().out())
        .isEqualTo("//:both\n//:twice\n//:upper.txt\n//:upper\n//:words.txt\n");
  }

  @Test
  void query_fromAFile() {
    workspace.write("wanted.query", "kind(genrule,\n     //...)\n");

    assertThat(workspace.athanor("query", "--query-file=wanted.query").succeeds().out())
        .isEqualTo("//:twice\n//:upper\n");
    workspace
        .write("wanted.query", "kind(genrule,\n     //...")
        .athanor("query", "--query-file=wanted.query")
        .fails(ExitCode.BAD_INPUT)
        .says("wanted.query:2:11: expected ')' or an operator");
  }

  @Test
  void query_universe_boundsAllrdeps() {
    assertThat(workspace.athanor("query", "allrdeps(//:upper.txt)").succeeds().out())
        .isEqualTo("//:both\n//:twice\n//:upper.txt\n//app:files\n");
    assertThat(
            workspace
                .athanor("query", "allrdeps(//:upper.txt)", "--universe=//app:all")
                .succeeds()
                .out())
        .isEqualTo("//:upper.txt\n//app:files\n");
  }

  @Test
  void query_mistakes_areBadInput() {
    workspace
        .athanor("query", "deps(//app:file)")
        .fails(ExitCode.BAD_INPUT)
        .says("query:1:6: no such target: //app:file", "     ^\n", "did you mean //app:files?");
    workspace
        .athanor("query", "//...", "--output=labels")
        .fails(ExitCode.BAD_INPUT)
        .says("--output cannot be 'labels'", "did you mean label?");
    workspace
        .athanor("query", "//...", "--actions", "--output=build")
        .fails(ExitCode.BAD_INPUT)
        .says("--output cannot be 'build'", "text, json, graph");
    workspace.athanor("query").fails(ExitCode.BAD_INPUT).says("query needs a query");
  }

  @Test
  void query_brokenPackage_keepGoingPrintsTheRest() {
    workspace.write("bad/BUILD", "fail('not today')");

    workspace.athanor("query", "//...").fails(ExitCode.BAD_INPUT).says("not today");
    CliResult result = workspace.athanor("query", "//...", "-k").fails(ExitCode.BAD_INPUT);

    result.says("bad/BUILD:1:1", "not today");
    assertThat(result.out()).isEqualTo("//:both\n//:twice\n//:upper\n//app:files\n");
  }

  @Test
  void query_actions_showsAllThatIsInTheKey() {
    String text = workspace.athanor("query", "--actions", "//:upper").succeeds().out();

    assertThat(text.replaceAll("[0-9a-f]{64}", "HEX").replaceAll("(?m)^ +environment.*\n", ""))
        .isEqualTo(
            """
            genrule //:upper
              type         command
              root         host HEX
              argument     /bin/sh
              argument     -ec
              argument     tr a-z A-Z < words.txt > out/upper.txt
              input        words.txt
              output       out/upper.txt
              key          HEX/236
            """);
  }

  /// The key that is printed is the one that the build stores its result under.
  @Test
  void query_actions_keyIsKnownOnceInputsAre() {
    JsonObject before = action("//:twice");
    workspace.athanor("build", "//:upper").succeeds();
    JsonObject ready = action("//:twice");
    workspace.athanor("build", "//:twice").succeeds();
    JsonObject after = action("//:twice");

    assertThat(before.get("keyUnknown").getAsString())
        .isEqualTo("needs out/upper.txt, which is not cached");
    assertThat(ready.get("cached").getAsBoolean()).isFalse();
    assertThat(after.get("cached").getAsBoolean()).isTrue();
    assertThat(after.get("key")).isEqualTo(ready.get("key"));
    String hex = after.get("key").getAsString().replaceFirst("/.*", "");
    assertThat(
            TestWorkspace.files(workspace.cache.resolve("ac")).stream()
                .anyMatch(file -> file.endsWith(hex)))
        .isTrue();
  }

  @Test
  void query_actionsOfAFile_isTheOneThatMakesIt() {
    assertThat(
            workspace
                .athanor("query", "--actions", "//:twice.txt + //:words.txt", "--output=graph")
                .succeeds()
                .out())
        .isEqualTo(
            """
            digraph actions {
              node [shape=box];
              "out/twice.txt" [label="genrule\\n//:twice"];
            }
            """);
  }

  @Test
  void query_actions_keepGoingLeavesOutWhatIsInError() {
    workspace.write("bad/BUILD", "oci_build_image(name = 'image', base = '//:upper')");

    workspace.athanor("query", "--actions", "//...").fails(ExitCode.BAD_INPUT).says("//:upper");
    CliResult result =
        workspace.athanor("query", "--actions", "//...", "--json", "-k").fails(ExitCode.BAD_INPUT);

    result.says("//:upper (genrule) is not an image");
    assertThat(result.json().getAsJsonArray("actions")).hasSize(2);
  }

  private JsonObject action(String label) {
    return workspace
        .athanor("query", "--actions", label, "--json")
        .succeeds()
        .json()
        .getAsJsonArray("actions")
        .get(0)
        .getAsJsonObject();
  }
}
