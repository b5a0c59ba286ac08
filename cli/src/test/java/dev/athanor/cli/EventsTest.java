package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a build does, as its events and its profile tell.
final class EventsTest {
  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    workspace =
        TestWorkspace.in(temp)
            .write("a.txt", "a\n")
            .write("b.txt", "b\n")
            .write(
                "BUILD",
                """
                genrule(name = "a", srcs = ["a.txt"], outs = ["a"], cmd = "cat $< > $@")
                genrule(name = "b", srcs = ["b.txt"], outs = ["b"], cmd = "cat $< > $@")
                genrule(name = "both", srcs = [":a", ":b"], outs = ["c"], cmd = "cat $(SRCS) > $@")
                """);
  }

  /// The events of a build, each by its name and what it is about.
  private List<String> events() {
    workspace.athanor("build", "//:both", "--events", "events.json").succeeds();
    List<String> events = new ArrayList<>();
    for (String line : workspace.read("events.json").lines().toList()) {
      JsonObject event = JsonParser.parseString(line).getAsJsonObject();
      String about = "";
      for (String name : List.of("target", "outcome", "upToDate")) {
        about += event.has(name) ? " " + event.get(name).getAsString() : "";
      }
      events.add(event.get("event").getAsString() + about);
    }
    return events;
  }

  @Test
  void firstBuild_runsEverything() {
    List<String> events = events();

    assertThat(events.getFirst()).isEqualTo("loading");
    assertThat(events)
        .containsAtLeast("actionStarted //:both", "actionFinished //:both executed", "finished")
        .inOrder();
    assertThat(events.stream().filter(event -> event.endsWith("executed")).count()).isEqualTo(3);
  }

  /// They count where there is nothing better, and only there.
  @Test
  void resultsWithoutIsolation_areMadeAgainInASandbox() {
    List<String> plain = new ArrayList<>(List.of("build", "--sandbox=plain", "//:both"));
    assertThat(workspace.athanor(plain.toArray(String[]::new)).succeeds().ran()).hasSize(3);
    assertThat(workspace.athanor(plain.toArray(String[]::new)).succeeds().ran()).isEmpty();
    workspace
        .athanor("build", "--sandbox=plain", "//:a", "--events", "events.json")
        .succeeds()
        .says("warning: commands run without isolation");
    assertThat(workspace.read("events.json"))
        .contains("{\"event\":\"sandbox\",\"name\":\"plain\",\"hermetic\":false,\"rejected\":[]");

    boolean hermetic =
        workspace.athanor("doctor", "--json").succeeds().json().get("hermetic").getAsBoolean();

    assertThat(workspace.athanor("build", "//:both").succeeds().ran()).hasSize(hermetic ? 3 : 0);
    assertThat(workspace.athanor(plain.toArray(String[]::new)).succeeds().ran()).isEmpty();
  }

  /// In another process each time: what is loaded would be told of.
  @Test
  void nothingChanged_nothingIsLoadedOrLookedAt() throws InterruptedException {
    var _ = events();
    // Files that were touched a moment ago are looked at again in the next build.
    Thread.sleep(100);
    var _ = events();

    assertThat(events()).containsExactly("executing 3", "finished").inOrder();
  }

  @Test
  void changedSource_concernsWhatReadsIt_andNothingIsLoaded() throws InterruptedException {
    var _ = events();
    Thread.sleep(100);
    var _ = events();
    workspace.write("a.txt", "other\n");

    assertThat(events())
        .containsExactly(
            "executing 1",
            "actionStarted //:a",
            "sandbox",
            "actionFinished //:a executed",
            "actionStarted //:both",
            "actionFinished //:both executed",
            "finished")
        .inOrder();
  }

  @Test
  void changedBuildFile_isLoaded_andWhatIsTheSameIsNotRun() throws InterruptedException {
    var _ = events();
    Thread.sleep(100);
    var _ = events();
    workspace.edit("BUILD", "genrule(name = \"a\"", "# A comment.\ngenrule(name = \"a\"");

    List<String> events = events();

    assertThat(events).contains("loading");
    assertThat(events.toString()).doesNotContain("executed");
  }

  @Test
  void profile_hasARowForEachAction_andTheCriticalPath() {
    workspace.athanor("build", "//:both", "--profile", "profile.json").succeeds();

    JsonElement json = JsonParser.parseString(workspace.read("profile.json"));
    List<JsonObject> spans = new ArrayList<>();
    JsonElement events = json.isJsonArray() ? json : json.getAsJsonObject().get("traceEvents");
    for (JsonElement event : events.getAsJsonArray()) {
      if (event.getAsJsonObject().get("ph").getAsString().equals("X")) {
        spans.add(event.getAsJsonObject());
      }
    }
    List<String> names = spans.stream().map(span -> span.get("name").getAsString()).toList();
    assertThat(names).containsAtLeast("genrule //:a", "genrule //:b");
    // Once where it ran, and once at the end of the critical path.
    assertThat(names.stream().filter("genrule //:both"::equals).count()).isEqualTo(2);
    for (JsonObject span : spans) {
      assertThat(span.get("dur").getAsLong()).isAtLeast(0);
      assertThat(span.get("ts").getAsLong()).isAtLeast(0);
    }
  }

  @Test
  void shell_opensInTheSandboxOfAnAction() {
    CliResult result =
        workspace.process(
            "set -- sh -c 'echo \"pwd; cat a.txt; /tmp/action; cat out/a; exit 7\" | \"$@\"' sh \"$@\"",
            "shell",
            "//:a");

    assertThat(result.out()).isEqualTo("/build\na\na\n");
    assertThat(result.code()).isEqualTo(7);
    result.says("the sandbox of genrule //:a");
  }

  @Test
  void keptSandbox_isThere() {
    workspace.edit("BUILD", "cat $(SRCS) > $@", "cat $(SRCS) > $@; echo left > left; exit 1");

    CliResult result =
        workspace.athanor("build", "//:both", "--keep-sandbox").fails(ExitCode.BUILD_FAILED);

    String kept =
        result
            .err()
            .lines()
            .filter(line -> line.contains("sandbox kept in "))
            .findFirst()
            .orElseThrow();
    assertThat(TestWorkspace.files(Path.of(kept.replaceFirst(".* in ", ""))))
        .contains("build/left");
  }
}
