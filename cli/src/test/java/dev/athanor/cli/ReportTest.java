package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The data of the page about a build.
final class ReportTest {
  private static final List<String> STATES =
      List.of(
          "up to date",
          "unchanged",
          "cached",
          "cached remotely",
          "executed",
          "failed",
          "skipped",
          "unfinished");

  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    workspace =
        TestWorkspace.in(temp)
            .write("code.c", "# a comment\ncode\n")
            .write("other.c", "other\n")
            .write(
                "BUILD",
                """
                genrule(name = "strip", srcs = ["code.c"], outs = ["strip.c"],
                        cmd = "grep -v '^#' $< > $@")
                genrule(name = "obj", srcs = [":strip"], outs = ["obj.o"],
                        cmd = "cat $< > $@; sleep 0.2")
                genrule(name = "other", srcs = ["other.c"], outs = ["other.o"],
                        cmd = "cat $< > $@")
                genrule(name = "all", srcs = [":obj", ":other"], outs = ["all.bin"],
                        cmd = "cat $(SRCS) > $@")
                """);
  }

  private JsonObject report() {
    return workspace.athanor("report", "--json").succeeds().json();
  }

  private static List<String> labels(JsonObject report) {
    JsonObject actions = report.getAsJsonObject("actions");
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < actions.get("count").getAsInt(); i++) {
      String owner = text(report, actions.getAsJsonArray("owner").get(i));
      labels.add(text(report, actions.getAsJsonArray("mnemonic").get(i)) + " " + owner);
    }
    return labels;
  }

  private static String text(JsonObject report, JsonElement number) {
    return report.getAsJsonArray("texts").get(number.getAsInt()).getAsString();
  }

  /// What became of each action, by its label.
  private static Map<String, String> states(JsonObject report) {
    JsonArray states = report.getAsJsonObject("actions").getAsJsonArray("state");
    Map<String, String> named = new TreeMap<>();
    List<String> labels = labels(report);
    for (int i = 0; i < labels.size(); i++) {
      named.put(labels.get(i), STATES.get(states.get(i).getAsInt()));
    }
    return named;
  }

  private static List<String> named(JsonObject report, JsonArray numbers) {
    List<String> labels = labels(report);
    return numbers.asList().stream().map(number -> labels.get(number.getAsInt())).toList();
  }

  private static String causes(JsonObject report, String label) {
    int number = labels(report).indexOf(label);
    JsonElement causes = report.getAsJsonObject("causes").get(String.valueOf(number));
    return causes == null ? "none" : causes.toString();
  }

  private static String end(JsonObject report) {
    return report.getAsJsonObject("build").get("end").getAsString();
  }

  @Test
  void firstBuild_ranEverything_andItsEndWaitedForTheLongestChain() {
    workspace.athanor("build", "//:all").succeeds();

    JsonObject report = report();

    assertThat(states(report).values())
        .containsExactly("executed", "executed", "executed", "executed");
    assertThat(named(report, report.getAsJsonArray("critical")))
        .containsExactly("genrule //:strip", "genrule //:obj", "genrule //:all")
        .inOrder();
    assertThat(report.getAsJsonObject("build").get("command").getAsString())
        .isEqualTo("build //:all");
    assertThat(end(report)).isEqualTo("succeeded");
    assertThat(causes(report, "genrule //:obj")).isEqualTo("none");
    JsonObject actions = report.getAsJsonObject("actions");
    for (int i = 0; i < 4; i++) {
      int start = actions.getAsJsonArray("start").get(i).getAsInt();
      int end = actions.getAsJsonArray("end").get(i).getAsInt();
      assertThat(start).isAtLeast(report.getAsJsonObject("build").get("executing").getAsInt());
      assertThat(end).isAtLeast(start);
      assertThat(report.getAsJsonObject("build").get("wall").getAsInt()).isAtLeast(end);
    }
    assertThat(actions.get("keys").getAsString()).doesNotContain(".");
  }

  @Test
  void change_isTheCauseOfWhatRan_untilAnOutputIsTheSame() {
    workspace.athanor("build", "//:all").succeeds();
    workspace.write("code.c", "# another comment\ncode\n").write("other.c", "changed\n");
    workspace.athanor("build", "//:all").succeeds();

    JsonObject report = report();

    assertThat(states(report))
        .containsExactly(
            "genrule //:strip", "executed",
            "genrule //:obj", "unchanged",
            "genrule //:other", "executed",
            "genrule //:all", "executed");
    assertThat(named(report, report.getAsJsonArray("same"))).containsExactly("genrule //:strip");
    assertThat(causes(report, "genrule //:strip"))
        .isEqualTo("[[\"source\",\"code.c\",\"changed\"]]");
    JsonArray paths = report.getAsJsonObject("outputs").getAsJsonArray("path");
    int other = paths.asList().indexOf(new JsonPrimitive("out/other.o"));
    assertThat(causes(report, "genrule //:all"))
        .isEqualTo("[[\"input\"," + other + ",\"changed\"]]");
    assertThat(causes(report, "genrule //:obj")).isEqualTo("none");
    assertThat(report.getAsJsonObject("build").has("since")).isTrue();
  }

  @Test
  void changedFlag_isComparedWithTheBuildOfAnotherRequest() {
    workspace.edit(
        "BUILD",
        "cmd = \"cat $(SRCS) > $@\"",
        "cmd = select({\":opt\": \"cat $(SRCS) > $@; echo opt >> $@\", \"//conditions:default\": \"cat $(SRCS) > $@\"})");
    workspace.write(
        "BUILD",
        workspace.read("BUILD") + "config_setting(name = 'opt', values = {'mode': 'opt'})\n");
    workspace.athanor("build", "//:all").succeeds();
    workspace.athanor("build", "-D", "mode=opt", "//:all").succeeds();

    JsonObject report = report();

    assertThat(states(report))
        .containsExactly(
            "genrule //:strip", "cached",
            "genrule //:obj", "cached",
            "genrule //:other", "cached",
            "genrule //:all", "executed");
    assertThat(causes(report, "genrule //:all")).contains("mode=opt");
    assertThat(causes(report, "genrule //:all")).contains("echo opt");
  }

  @Test
  void nothingToDo_isSaid_withTheGraph() throws IOException, InterruptedException {
    workspace.athanor("build", "//:all").succeeds();
    Thread.sleep(100);
    workspace.athanor("build", "//:all").succeeds();
    workspace.athanor("build", "//:all").succeeds();

    JsonObject report = report();

    assertThat(states(report).values())
        .containsExactly("up to date", "up to date", "up to date", "up to date");
    assertThat(report.getAsJsonObject("causes").size()).isEqualTo(0);
    assertThat(report.getAsJsonObject("actions").getAsJsonArray("dependencyList")).hasSize(3);
    assertThat(Files.size(recordFile())).isLessThan(1000L);
  }

  private Path recordFile() throws IOException {
    try (Stream<Path> files = Files.walk(workspace.cache.resolve("workspaces"))) {
      return files
          .filter(file -> file.getFileName().toString().equals(BuildRecord.FILE))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void failure_isWrittenAtOnce_withWhatWasPrinted() {
    workspace.edit("BUILD", "grep -v '^#' $< > $@", "echo '</script><b>trouble' >&2; exit 3");

    workspace
        .athanor("build", "-k", "//:all", "--report", "report.html")
        .fails(ExitCode.BUILD_FAILED);

    JsonObject report = embedded(workspace.read("report.html"));
    assertThat(end(report)).isEqualTo("failed");
    assertThat(states(report))
        .containsExactly(
            "genrule //:strip", "failed",
            "genrule //:obj", "skipped",
            "genrule //:other", "executed",
            "genrule //:all", "skipped");
    assertThat(report.getAsJsonObject("failures").toString()).contains("</script><b>trouble");
    assertThat(states(report())).isEqualTo(states(report));
  }

  /// The data in a page, which holds that it ends where the page says.
  private static JsonObject embedded(String page) {
    String begin = "<script type=\"application/json\" id=\"data\">";
    int start = page.indexOf(begin) + begin.length();
    assertThat(start).isGreaterThan(begin.length());
    String data = page.substring(start, page.indexOf('<', start));
    assertThat(page.substring(start + data.length())).startsWith("</script>");
    return JsonParser.parseString(data).getAsJsonObject();
  }

  @Test
  void brokenBuildFile_isToldInThePage() {
    workspace.write("BUILD", "nonsense(\n");

    workspace.athanor("build", "//:all", "--report", "report.html").fails(ExitCode.BAD_INPUT);

    JsonObject report = embedded(workspace.read("report.html"));
    assertThat(end(report)).isEqualTo("refused");
    assertThat(report.getAsJsonObject("build").get("message").getAsString()).contains("BUILD:1");
    assertThat(end(report())).isEqualTo("refused");
  }

  @Test
  void interruptedBuild_isTold_withItsGraph() throws Exception {
    workspace.edit("BUILD", "sleep 0.2", "sleep 60");
    Thread build = new Thread(() -> workspace.athanor("build", "//:all"));
    build.start();
    // What needs the first two starts when their results are there, and takes a minute.
    for (int i = 0; i < 600 && TestWorkspace.files(workspace.cache.resolve("ac")).size() < 2; i++) {
      Thread.sleep(50);
    }
    Thread.sleep(500);
    build.interrupt();
    build.join(30_000);
    assertThat(build.isAlive()).isFalse();

    JsonObject report = report();

    assertThat(end(report)).isEqualTo("interrupted");
    assertThat(states(report)).containsEntry("genrule //:obj", "unfinished");
    assertThat(states(report)).containsEntry("genrule //:all", "skipped");
  }

  @Test
  void whatIsAskedForOnlyToLook_isNoBuild() {
    workspace.athanor("build", "//:other").succeeds();
    workspace.athanor("query", "//...").succeeds();
    workspace.athanor("why", "//:other").succeeds();

    assertThat(report().getAsJsonObject("build").get("command").getAsString())
        .isEqualTo("build //:other");
  }

  @Test
  void withoutABuild_orAWholeRecord_reportFails() throws IOException {
    workspace
        .athanor("report")
        .fails(ExitCode.BAD_INPUT)
        .says("no build is recorded", "hint: build");
    workspace.athanor("build", "//:other").succeeds();
    workspace.athanor("report", "//:other").fails(ExitCode.BAD_INPUT).says("takes no arguments");
    Files.write(recordFile(), new byte[100]);

    workspace.athanor("report").fails(ExitCode.BAD_INPUT).says("is damaged", "hint: build again");
  }

  @Test
  void valuesOfTheEnvironment_areNotInThePage() {
    workspace.write(
        "BUILD",
        """
        genrule(name = "a", outs = ["a"], cmd = "echo > $@", env = {"TOKEN": first})
        oci_build_image(name = "image", base = "scratch", env = ["TOKEN=" + first])
        """
            .replace("first", "'first-value'"));
    workspace.athanor("build", "//...").succeeds();
    workspace.write("BUILD", workspace.read("BUILD").replace("first-value", "second-value"));
    workspace.athanor("build", "//...", "--report", "report.html").succeeds();

    String page = workspace.read("report.html");

    assertThat(page).contains("TOKEN");
    assertThat(page).doesNotContain("first-value");
    assertThat(page).doesNotContain("second-value");
  }

  @Test
  void image_hasItsLayersWithTheirFiles_andWhatTheyHide() {
    workspace.write(
        "BUILD",
        """
        genrule(name = "big", outs = ["data/big"], cmd = "head -c 100000 /dev/zero > $@")
        genrule(name = "small", outs = ["again/data/big"], cmd = "echo small > $@")
        oci_build_image(name = "base", base = "scratch", packages = [":big"])
        oci_build_image(name = "app", base = ":base", packages = [":small"], strip_prefix = "again")
        """);
    workspace.athanor("build", "//:app").succeeds();

    JsonObject report = report();

    JsonArray images = report.getAsJsonArray("images");
    assertThat(images).hasSize(1);
    JsonObject image = images.get(0).getAsJsonObject();
    JsonArray layers = image.getAsJsonArray("layers");
    assertThat(layers).hasSize(2);
    assertThat(layers.get(0).getAsJsonObject().get("tree").toString()).contains("[\"big\",100000]");
    assertThat(layers.get(0).getAsJsonObject().get("tarBytes").getAsLong()).isAtLeast(100_000);
    assertThat(image.getAsJsonObject("hidden").get("files").toString())
        .isEqualTo("[[\"/data/big\",100000,0,1]]");
  }
}
