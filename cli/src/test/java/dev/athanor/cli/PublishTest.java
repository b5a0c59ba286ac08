package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.athanor.oci.registry.FakeRegistry;
import dev.athanor.oci.registry.Request;
import dev.athanor.oci.registry.SampleImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where images go when they are published, and what is told of it. What a single tag in a single
/// repository does is in [TargetContractTest].
final class PublishTest {
  @TempDir Path temp;
  private TestWorkspace workspace;
  private FakeRegistry registry;

  @BeforeEach
  void start() throws IOException {
    workspace = TestWorkspace.in(temp);
    workspace.write("file.txt", "content");
    registry = FakeRegistry.start();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  /// An image `//:app`; `REGISTRY` stands for the registry.
  private void app(String arguments) {
    build(
        "oci_build_image(name = 'app', base = 'scratch', packages = ['file.txt'], "
            + arguments
            + ")");
  }

  private void build(String text) {
    workspace.write("BUILD", text.replace("REGISTRY", registry.host()));
  }

  private List<String> tags() {
    return registry.content().documentNames().stream()
        .filter(name -> !name.contains(":sha256:"))
        .sorted()
        .toList();
  }

  private long writes() {
    return registry.requests().stream()
        .map(Request::method)
        .filter(method -> !method.equals("GET") && !method.equals("HEAD"))
        .count();
  }

  @Test
  void severalTagsAndDestinations() {
    app(
        "repository = 'REGISTRY/one', tag = 'v1', image_tags = ['v1.2', 'v1'],"
            + " destinations = ['REGISTRY/two', 'REGISTRY/three:stable', 'REGISTRY/one:extra']");

    CliResult result = workspace.athanor("publish", "--json", "//:app").succeeds();

    assertThat(tags())
        .containsExactly("one:extra", "one:v1", "one:v1.2", "three:stable", "two:v1", "two:v1.2");
    JsonArray published = result.target("//:app").getAsJsonArray("published");
    assertThat(published).hasSize(3);
    assertThat(
            published.asList().stream()
                .map(receipt -> receipt.getAsJsonObject().get("digest").getAsString())
                .distinct())
        .containsExactly(result.digest("//:app"));
  }

  @Test
  void severalDestinations_nothingNew_oneRequestForEachTag() {
    app("repository = 'REGISTRY/one', destinations = ['REGISTRY/two:1', 'REGISTRY/two:2']");
    workspace.athanor("publish", "//:app").succeeds();
    registry.forgetRequests();

    CliResult again = workspace.athanor("publish", "//:app").succeeds();

    assertThat(registry.log())
        .containsExactly(
            "HEAD /v2/one/manifests/latest",
            "HEAD /v2/two/manifests/1",
            "HEAD /v2/two/manifests/2");
    assertThat(again.out().lines().filter(line -> line.endsWith("(was there)"))).hasSize(2);
  }

  /// Each blob is sent once to a registry; its other repositories mount it.
  @Test
  void severalRepositoriesOfARegistry_shareWhatIsSent() {
    build(
        """
        oci_layer(name = "shared", packages = ["file.txt"])
        [oci_build_image(name = "app%d" % i, base = "scratch", layers = [":shared"],
                         labels = {"n": str(i)}, repository = "REGISTRY/app%d" % i)
         for i in range(12)]
        """);

    workspace.athanor("publish", "//...").succeeds();

    assertThat(tags()).hasSize(12);
    String layer =
        workspace
            .image("//:app0")
            .manifest()
            .getAsJsonArray("layers")
            .get(0)
            .getAsJsonObject()
            .get("digest")
            .getAsString();
    List<String> sent =
        registry.log().stream()
            .filter(line -> line.startsWith("PUT") && line.contains("digest=" + layer))
            .toList();
    assertThat(sent).hasSize(1);
    assertThat(registry.log().stream().filter(line -> line.contains("mount=" + layer))).hasSize(11);
  }

  @Test
  void tags_fromDefinitionsPlatformAndFiles() {
    workspace.write("version", "2.7.1\n");
    build(
        """
        genrule(name = "short", srcs = ["version"], outs = ["short.txt"],
                cmd = "cut -d. -f1,2 $< > $@")
        oci_build_image(name = "app", base = "scratch",
            repository = "REGISTRY/{TEAM}/app", tag = "{VERSION}",
            image_tags = ["{MINOR}-{architecture}", "{CHANNEL}"],
            tag_files = {"version": "VERSION", ":short": "MINOR"})
        """);

    CliResult result =
        workspace
            .athanor("publish", "//:app", "--define", "TEAM=red", "--define", "CHANNEL=beta")
            .succeeds();

    assertThat(tags()).containsExactly("red/app:2.7-amd64", "red/app:2.7.1", "red/app:beta");
    assertThat(result.out()).contains("/red/app:2.7.1,2.7-amd64,beta@sha256:");
    assertThat(info().getAsJsonArray("references").get(0).getAsString())
        .startsWith(registry.host() + "/red/app:2.7.1@sha256:");
  }

  @Test
  void architecture_isThatOfTheImage_andAnIndexHasNone() {
    app("repository = 'REGISTRY/app', tag = '1-{architecture}', platform = 'linux/arm64'");
    workspace.athanor("publish", "//:app").succeeds();
    assertThat(tags()).containsExactly("app:1-arm64");

    app("repository = 'REGISTRY/app', tag = '2-{architecture}', platforms = ['linux/arm64']");
    workspace
        .athanor("publish", "//:app")
        .fails(ExitCode.BUILD_FAILED)
        .says("nobody gave a value for architecture");
  }

  /// A value that only publishing needs is no matter for a build.
  @Test
  void tagWithoutAValue_buildsButIsNotPublished() {
    app("repository = 'REGISTRY/app', tag = '{VERSION}'");

    workspace.athanor("build", "//:app").succeeds();
    assertThat(info().getAsJsonArray("references")).isEmpty();
    workspace
        .athanor("publish", "//:app")
        .fails(ExitCode.BUILD_FAILED)
        .says("FAILED push //:app: nobody gave a value for VERSION in", "--define NAME=VALUE");
    assertThat(registry.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tag_files = {'file.txt': '1X'} | //:app: tag_files: '1X' is no name",
        "tag_files = {'//:app2': 'X'} | //:app: tag_files: //:app2 is 0 files",
        "repository = 'x.y/z', image_tags = ['a b'] | //:app: image_tags: 'a b' is not a tag",
        "destinations = ['x.y/Z:1'] | //:app: destinations:",
        "destinations = ['x.y/z:-'] | //:app: destinations: '-' is not a tag",
      })
  void mistakes(String arguments, String message) {
    build(
        "filegroup(name = 'app2')\noci_build_image(name = 'app', base = 'scratch', "
            + arguments
            + ")");

    workspace.athanor("build", "//:app").fails(ExitCode.BAD_INPUT).says(message);
  }

  /// What a file holds is seen only when it is there.
  @Test
  void fileThatIsNoTag() {
    workspace.write("version", "two words");
    app("repository = 'REGISTRY/app', tag = '{V}', tag_files = {'version': 'V'}");

    workspace
        .athanor("publish", "//:app")
        .fails(ExitCode.BUILD_FAILED)
        .says("FAILED push //:app: 'two words' is not a tag");
  }

  @Test
  void dryRun_tellsAndSendsNothing() {
    app("repository = 'REGISTRY/app'");

    CliResult dry = workspace.athanor("publish", "--dry-run", "--json", "//:app").succeeds();

    JsonObject receipt = dry.target("//:app").getAsJsonArray("published").get(0).getAsJsonObject();
    assertThat(receipt.get("dryRun").getAsBoolean()).isTrue();
    assertThat(receipt.get("uploaded").getAsInt()).isEqualTo(2);
    assertThat(receipt.get("bytes").getAsLong()).isGreaterThan(100L);
    assertThat(writes()).isEqualTo(0);
    assertThat(tags()).isEmpty();
    assertThat(workspace.athanor("publish", "--dry-run", "//:app").succeeds().out())
        .contains("/app:latest@sha256:");

    workspace.athanor("publish", "//:app").succeeds();

    assertThat(tags()).containsExactly("app:latest");
    assertThat(workspace.athanor("publish", "--dry-run", "//:app").succeeds().out())
        .contains("(was there)");
  }

  @Test
  void description_isLeftByBuildAndPublish() {
    app("repository = 'REGISTRY/app', image_tags = ['2']");

    CliResult built = workspace.athanor("build", "--json", "//:app").succeeds();

    JsonObject info = info();
    assertThat(info.get("schemaVersion").getAsInt()).isEqualTo(1);
    assertThat(info.get("label").getAsString()).isEqualTo("//:app");
    assertThat(info.get("digest").getAsString()).isEqualTo(built.digest("//:app"));
    assertThat(info.get("platform").getAsString()).isEqualTo("linux/amd64");
    BuiltImage image = workspace.image("//:app");
    JsonObject layer = info.getAsJsonArray("layers").get(0).getAsJsonObject();
    assertThat(layer.get("digest"))
        .isEqualTo(
            image.manifest().getAsJsonArray("layers").get(0).getAsJsonObject().get("digest"));
    assertThat(layer.get("diffId"))
        .isEqualTo(image.config().getAsJsonObject("rootfs").getAsJsonArray("diff_ids").get(0));
    assertThat(info.getAsJsonObject("config").get("digest"))
        .isEqualTo(image.manifest().getAsJsonObject("config").get("digest"));
    assertThat(info.getAsJsonArray("references").asList().stream().map(r -> r.getAsString()))
        .containsExactly(
            registry.host() + "/app:latest@" + image.digest(),
            registry.host() + "/app:2@" + image.digest());

    workspace.athanor("clean").succeeds();
    workspace.athanor("publish", "//:app").succeeds();

    assertThat(info()).isEqualTo(info);
    // The layout is for `build`; nobody asked for it.
    assertThat(TestWorkspace.files(workspace.root.resolve("athanor-out")))
        .containsExactly("app.oci-info.json");
  }

  private JsonObject info() {
    return JsonParser.parseString(workspace.read("athanor-out/app.oci-info.json"))
        .getAsJsonObject();
  }

  @Test
  void mirror_copiesByteForByte_thenAsksOnce() throws IOException {
    SampleImage image = SampleImage.of(5, 300, 400);
    image.into(registry, "upstream/tool", "1");
    build(
        """
        oci_mirror_images(
            name = "tool",
            source_repository = "REGISTRY/upstream/tool",
            destination_repository = "REGISTRY/copies/tool",
            variants = {"1.0": "DIGEST"},
        )
        """
            .replace("DIGEST", image.manifest().digest().hex()));

    workspace.athanor("build", "//...").succeeds();
    assertThat(registry.requests()).isEmpty();
    CliResult result = workspace.athanor("publish", "//...").succeeds();

    assertThat(result.out())
        .contains("//:tool#1.0 " + registry.host() + "/copies/tool:1.0@sha256:");
    assertThat(registry.content().document("copies/tool", "1.0"))
        .isEqualTo(image.manifest().bytes());
    // The registry has them already: all are mounted.
    assertThat(
            registry.log().stream()
                .filter(line -> line.startsWith("GET") && line.contains("blobs")))
        .isEmpty();

    registry.forgetRequests();
    assertThat(workspace.athanor("publish", "//...").succeeds().out()).contains("(was there)");
    assertThat(registry.log()).containsExactly("HEAD /v2/copies/tool/manifests/1.0");
  }

  @Test
  void mirror_toAnotherRegistry() throws IOException {
    SampleImage image = SampleImage.of(5, 300, 400);
    try (FakeRegistry upstream = FakeRegistry.start()) {
      image.into(upstream, "tool", "1");
      build(
          """
          oci_mirror_image(
              name = "tool",
              source_repository = "UPSTREAM/tool",
              destination_repository = "REGISTRY/tool",
              digest = "DIGEST",
          )
          """
              .replace("UPSTREAM", upstream.host())
              .replace("DIGEST", image.manifest().digest().hex()));

      workspace.athanor("publish", "--dry-run", "//:tool").succeeds();
      assertThat(writes()).isEqualTo(0);
      workspace.athanor("publish", "//:tool").succeeds();

      assertThat(registry.content().document("tool", "latest")).isEqualTo(image.manifest().bytes());
      assertThat(registry.content().hasBlob("tool", image.layers().get(1))).isTrue();
    }
  }

  @Test
  void mirror_ofWhatIsNotThere_saysWhich() {
    build(
        """
        oci_mirror_image(
            name = "tool",
            source_repository = "REGISTRY/upstream/tool",
            destination_repository = "REGISTRY/tool",
            sha = "%s",
        )
        """
            .formatted("0".repeat(64)));

    workspace
        .athanor("publish", "//:tool")
        .fails(ExitCode.BUILD_FAILED)
        .says(
            "FAILED mirror //:tool: cannot pull " + registry.host() + "/upstream/tool@sha256:000");
  }
}
