package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonParser;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What targets say about an image's config and manifest, field by field.
final class ImageSettingsTest {
  private static final String BASE =
      """
      oci_build_image(
          name = "base",
          base = "scratch",
          packages = ["x"],
          env = ["A=1", "B=2"],
          entrypoint = ["/x"],
          args = ["one"],
          labels = {"l": "1"},
          annotations = {"a": "1"},
          user = "5",
          workdir = "/w",
          ports = ["80/tcp"],
          volumes = ["/v"],
          stop_signal = "SIGINT",
          healthcheck = {"shell": ["exit 0"]},
      )
      """;

  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    workspace = TestWorkspace.in(temp).write("x", "x").write("y", "y");
  }

  private BuiltImage image(String attributes) {
    workspace.write(
        "BUILD",
        BASE
            + "oci_build_image(name = 'image', base = ':base', packages = ['y'], "
            + attributes
            + ")");
    return workspace.image("//:image");
  }

  private void wrong(String attributes, String... says) {
    workspace.write(
        "BUILD", "oci_build_image(name = 'image', base = 'scratch', " + attributes + ")");
    workspace.athanor("build", "//:image").fails(ExitCode.BAD_INPUT).says(says);
  }

  @Test
  void base_hasEveryField() {
    image("");

    assertThat(workspace.image("//:base").runtime())
        .isEqualTo(
            JsonParser.parseString(
                """
                {"User": "5", "ExposedPorts": {"80/tcp": {}}, "Env": ["A=1", "B=2"], "Entrypoint": ["/x"],
                 "Cmd": ["one"], "Volumes": {"/v": {}}, "WorkingDir": "/w", "Labels": {"l": "1"},
                 "StopSignal": "SIGINT", "Healthcheck": {"Test": ["CMD-SHELL", "exit 0"]}}
                """));
  }

  @Test
  void settings_areInheritedOrReplaced() {
    BuiltImage image = image("env = ['B=3', 'C=4'], labels = {'m': '2'}, ports = ['81/udp']");

    assertThat(image.words("Env")).containsExactly("A=1", "B=3", "C=4").inOrder();
    assertThat(image.runtime().get("Labels").toString()).isEqualTo("{\"l\":\"1\",\"m\":\"2\"}");
    assertThat(image.runtime().getAsJsonObject("ExposedPorts").keySet())
        .containsExactly("80/tcp", "81/udp");
    assertThat(image.words("Entrypoint")).containsExactly("/x");
    assertThat(image.words("Cmd")).containsExactly("one");
    assertThat(image.runtime().get("StopSignal").getAsString()).isEqualTo("SIGINT");
  }

  @Test
  void clear_takesAwayWhatIsInherited() {
    BuiltImage image =
        image(
            """
            clear = ["entrypoint", "args", "env", "labels", "user", "workdir", "ports", "volumes", "stop_signal",
                     "healthcheck", "annotations"],
            env = ["C=4"],
            """);

    assertThat(image.runtime().toString()).isEqualTo("{\"Env\":[\"C=4\"]}");
    assertThat(image.manifest().has("annotations")).isFalse();
    assertThat(image.history()).hasSize(2);
    wrong("clear = ['everything']", "there is no 'everything' to clear", "stop_signal");
  }

  @Test
  void clearHistory_leavesNone_ofNewLayersNeither() {
    BuiltImage image = image("clear = ['history']");

    assertThat(image.config().has("history")).isFalse();
    assertThat(image.layers()).isEqualTo(2);

    // Nor does an image on top begin one: it would be that of some layers only.
    workspace.edit(
        "BUILD",
        "clear = ['history'])",
        "clear = ['history'])\noci_build_image(name = 'top', base = ':image', files = {'x': '/z'})");
    assertThat(workspace.image("//:top").config().has("history")).isFalse();
  }

  @Test
  void authorAndTime_areThoseOfTheNewHistoryToo() {
    BuiltImage image = image("author = 'A <a@b.c>', created = '2024-02-03T04:05:06Z'");

    assertThat(image.config().get("author").getAsString()).isEqualTo("A <a@b.c>");
    assertThat(image.config().get("created").getAsString()).isEqualTo("2024-02-03T04:05:06Z");
    assertThat(image.config().getAsJsonArray("history").toString())
        .isEqualTo(
            "[{\"created\":\"1970-01-01T00:00:00Z\",\"created_by\":\"athanor add-layer //:base\"},"
                + "{\"created\":\"2024-02-03T04:05:06Z\",\"created_by\":\"athanor add-layer //:image\","
                + "\"author\":\"A <a@b.c>\"}]");
    wrong("created = 'now'", "created: 'now' is no time");
  }

  @Test
  void healthcheck_isWrittenInNanoseconds() {
    BuiltImage image =
        image(
            "healthcheck = {'cmd': ['/probe', '-q'], 'interval': ['1m30s'], 'timeout': ['500ms'],"
                + " 'start_period': ['1h'], 'retries': ['3']}");

    assertThat(image.runtime().get("Healthcheck"))
        .isEqualTo(
            JsonParser.parseString(
                """
                {"Test": ["CMD", "/probe", "-q"], "Interval": 90000000000, "Timeout": 500000000,
                 "StartPeriod": 3600000000000, "Retries": 3}
                """));
    assertThat(image("healthcheck = {'none': []}").runtime().get("Healthcheck").toString())
        .isEqualTo("{\"Test\":[\"NONE\"]}");
    wrong("healthcheck = {'cmd': ['a'], 'shell': ['b']}", "more than one of cmd, shell and none");
    wrong("healthcheck = {'interval': ['soon']}", "'interval' is 'soon', which is no time");
    wrong("healthcheck = {'intervall': ['1s']}", "healthcheck: has no 'intervall'");
    wrong("healthcheck = {'retries': ['many']}", "'retries' is 'many', which is no number");
  }

  @Test
  void platform_replacesThatOfTheBase() {
    BuiltImage image = image("platform = 'linux/aarch64', os_version = '1.2', os_features = ['f']");

    assertThat(image.config().get("architecture").getAsString()).isEqualTo("arm64");
    assertThat(image.config().get("os.version").getAsString()).isEqualTo("1.2");
    assertThat(image.config().get("os.features").toString()).isEqualTo("[\"f\"]");
    wrong("platform = 'arm64'", "platform: not a platform: 'arm64'");
  }

  @Test
  void whatNoContainerCouldHave_isAnError() {
    wrong("workdir = 'app'", "workdir: 'app' is no absolute path");
    wrong("volumes = ['/a/../b']", "volumes: '/a/../b': not a file name");
    wrong("ports = ['http']", "ports: 'http' is no port");
  }

  @Test
  void annotations_areOfTheManifest() {
    assertThat(image("annotations = {'b': '2'}").manifest().get("annotations").toString())
        .isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
  }

  @Test
  void outputPath_isWhereTheLayoutIsLeft() {
    BuiltImage image = image("output_path = 'dist/image'");

    assertThat(image.layout()).isEqualTo(workspace.root.resolve("athanor-out/dist/image"));
  }
}
