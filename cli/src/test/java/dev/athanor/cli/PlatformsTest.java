package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Platform;
import dev.athanor.oci.registry.FakeRegistry;
import dev.athanor.oci.registry.SampleImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images for several platforms: as indexes that are pulled, built and published.
final class PlatformsTest {
  private static final Platform AMD = Platform.of("linux", "amd64");
  private static final Platform ARM = Platform.of("linux", "arm64");

  @TempDir Path temp;
  private TestWorkspace workspace;
  private FakeRegistry registry;
  private final SampleImage amd = SampleImage.of(1, AMD, 100);
  private final SampleImage arm = SampleImage.of(2, ARM, 200);
  private Index base;

  @BeforeEach
  void start() throws IOException {
    workspace = TestWorkspace.in(temp);
    workspace.write("file.txt", "content");
    registry = FakeRegistry.start();
    amd.into(registry, "base", "amd");
    arm.into(registry, "base", "arm");
    base =
        Index.of(
            List.of(
                amd.manifest().descriptor().withPlatform(AMD),
                arm.manifest().descriptor().withPlatform(ARM)));
    registry.add("base", "1", base);
    build("");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private static final String PULL =
      "oci_pull_image(name = 'base', repository = 'REGISTRY/base', sha = 'INDEX')\n";

  private static final String APP =
      """
      oci_build_image(name = 'app', base = ':base', packages = ['file.txt'],
                      platforms = ['linux/amd64', 'linux/aarch64'], repository = 'REGISTRY/app',
                      annotations = {'a': 'b'})
      """;

  private void build(String text) {
    workspace.write(
        "BUILD",
        (PULL + text)
            .replace("REGISTRY", registry.host())
            .replace("INDEX", base.digest().hex())
            .replace("ARMSHA", arm.manifest().digest().hex()));
  }

  private JsonObject published(String repository, String name) {
    return JsonParser.parseString(
            new String(registry.content().document(repository, name), StandardCharsets.UTF_8))
        .getAsJsonObject();
  }

  private static List<String> platforms(JsonObject index) {
    return index.getAsJsonArray("manifests").asList().stream()
        .map(entry -> entry.getAsJsonObject().getAsJsonObject("platform"))
        .map(p -> p.get("os").getAsString() + "/" + p.get("architecture").getAsString())
        .toList();
  }

  @Test
  void platforms_makeAnIndex_eachImageOnItsOwnBase() {
    build(APP);

    CliResult result = workspace.athanor("publish", "--json", "//:app").succeeds();

    JsonObject index = published("app", "latest");
    assertThat(platforms(index)).containsExactly("linux/amd64", "linux/arm64").inOrder();
    assertThat(index.getAsJsonObject("annotations").get("a").getAsString()).isEqualTo("b");
    JsonObject image = result.target("//:app").getAsJsonObject("image");
    assertThat(image.get("platform").getAsString()).isEqualTo("linux/amd64,linux/arm64");
    assertThat(image.get("mediaType").getAsString()).contains("index");
    for (int i = 0; i < 2; i++) {
      String digest =
          index.getAsJsonArray("manifests").get(i).getAsJsonObject().get("digest").getAsString();
      JsonObject manifest = published("app", digest);
      SampleImage from = i == 0 ? amd : arm;
      assertThat(
              manifest
                  .getAsJsonArray("layers")
                  .get(0)
                  .getAsJsonObject()
                  .get("digest")
                  .getAsString())
          .isEqualTo("sha256:" + from.manifest().layers().getFirst().blob().hex());
      assertThat(manifest.getAsJsonObject("annotations").get("a").getAsString()).isEqualTo("b");
    }
    // No byte of the base moved: its layers were mounted.
    assertThat(registry.log().stream().filter(l -> l.startsWith("GET") && l.contains("/blobs/")))
        .hasSize(2); // the two configs
  }

  /// What comes out the same for both platforms has one key, and is made once.
  @Test
  void platforms_shareWhatIsTheSameForAll() {
    build(
        """
        genrule(name = 'gen', outs = ['gen.txt'], cmd = 'echo hello > $@')
        oci_build_image(name = 'app', base = 'scratch', packages = [':gen'],
                        platforms = ['linux/amd64', 'linux/arm64', 'linux/arm/v7'])
        """);

    CliResult result = workspace.athanor("build", "--json", "-j", "1", "//:app").succeeds();

    List<String> ran = result.ran();
    assertThat(ran.stream().filter(line -> line.startsWith("genrule"))).hasSize(1);
    assertThat(ran.stream().filter(line -> line.startsWith("add-layer"))).hasSize(1);
    assertThat(ran.stream().filter(line -> line.startsWith("config //:app"))).hasSize(3);
    assertThat(ran).contains("config //:app for linux/arm/v7");
    assertThat(workspace.athanor("build", "--json", "//:app").succeeds().executed()).isEqualTo(0);
  }

  @Test
  void layout_holdsEveryImage() {
    build(
        "oci_build_image(name = 'two', base = 'scratch', platforms = ['linux/amd64', 'linux/arm64'])");
    workspace.athanor("build", "//:two").succeeds();

    CliResult valid = workspace.athanor("image", "validate", "athanor-out/two").succeeds();

    assertThat(valid.out()).contains("sound");
    JsonObject info =
        JsonParser.parseString(workspace.read("athanor-out/two.oci-info.json")).getAsJsonObject();
    assertThat(
            info.getAsJsonArray("images").asList().stream()
                .map(image -> image.getAsJsonObject().get("platform").getAsString()))
        .containsExactly("linux/amd64", "linux/arm64")
        .inOrder();
  }

  @Test
  void select_choosesForEachPlatform() {
    workspace.write("amd.txt", "amd").write("arm.txt", "arm");
    build(
        """
        config_setting(name = 'arm', architecture = 'arm64')
        oci_build_image(name = 'app', base = 'scratch',
                        packages = select({':arm': ['arm.txt'], '//conditions:default': ['amd.txt']}),
                        platforms = ['linux/amd64', 'linux/arm64'], repository = 'REGISTRY/app')
        """);

    workspace.athanor("publish", "//:app").succeeds();

    JsonObject index = published("app", "latest");
    List<String> layers =
        index.getAsJsonArray("manifests").asList().stream()
            .map(entry -> published("app", entry.getAsJsonObject().get("digest").getAsString()))
            .map(manifest ->
                manifest
                    .getAsJsonArray("layers")
                    .get(0)
                    .getAsJsonObject()
                    .get("digest")
                    .getAsString())
            .toList();
    assertThat(layers.get(0)).isNotEqualTo(layers.get(1));
  }

  /// An image for several platforms is, for one that another target imposes, the image for that.
  @Test
  void platforms_onTopOfPlatforms() {
    build(
        APP.replace("'app'", "'lower'")
            + """
            oci_build_image(name = 'upper', base = ':lower', labels = {'x': 'y'},
                            platforms = ['linux/arm64'], repository = 'REGISTRY/upper')
            oci_build_image(name = 'plain', base = ':lower', repository = 'REGISTRY/plain')
            """);

    workspace.athanor("publish", "//:upper", "//:plain").succeeds();

    assertThat(platforms(published("upper", "latest"))).containsExactly("linux/arm64");
    JsonObject plain = published("plain", "latest");
    assertThat(plain.getAsJsonArray("layers").get(0).getAsJsonObject().get("digest").getAsString())
        .isEqualTo("sha256:" + amd.manifest().layers().getFirst().blob().hex());
    assertThat(plain.getAsJsonArray("layers")).hasSize(2);
  }

  @Test
  void index_ofImages_flattensIndexes_andHasAnnotations() {
    build(
        """
        oci_build_image(name = 'a', base = 'scratch', platforms = ['linux/amd64', 'linux/arm64'])
        oci_image_empty(name = 'w', os = 'windows')
        oci_image_index(name = 'both', images = [':a', ':w'], annotations = {'k': 'v'},
                        repository = 'REGISTRY/all', tag = '3')
        """);

    CliResult result = workspace.athanor("publish", "--json", "//:both").succeeds();

    JsonObject index = published("all", "3");
    assertThat(platforms(index))
        .containsExactly("linux/amd64", "linux/arm64", "windows/amd64")
        .inOrder();
    assertThat(index.getAsJsonObject("annotations").get("k").getAsString()).isEqualTo("v");
    assertThat(result.digest("//:both")).startsWith("sha256:");
  }

  @Test
  void mistakes_sayWhatIsWrong() {
    build(
        """
        oci_image_index(name = 'both', images = [':again', ':amd'])
        oci_build_image(name = 'amd', base = 'scratch', platform = 'linux/amd64')
        oci_image_empty(name = 'again')
        """);
    workspace
        .athanor("build", "//:both")
        .fails(ExitCode.BUILD_FAILED)
        .says("FAILED index //:both: two of the images are for linux/amd64");

    build("oci_image_index(name = 'both', images = [])");
    workspace.athanor("build", "//:both").fails(ExitCode.BAD_INPUT).says("images: names no image");

    build(APP.replace("'linux/aarch64'", "'linux'"));
    workspace
        .athanor("build", "//:app")
        .fails(ExitCode.BAD_INPUT)
        .says("//:app: platforms: not a platform: 'linux'");

    build(APP.replace("'linux/aarch64'", "'linux/x86_64'"));
    workspace
        .athanor("build", "//:app")
        .fails(ExitCode.BAD_INPUT)
        .says("linux/amd64 is there twice");

    build(APP.replace("annotations", "platform = 'linux/amd64', annotations"));
    workspace.athanor("build", "//:app").fails(ExitCode.BAD_INPUT).says("platform is given, too");

    build(APP + "oci_build_image(name = 'x', base = ':app', platforms = ['linux/s390x'])");
    workspace
        .athanor("build", "//:x")
        .fails(ExitCode.BAD_INPUT)
        .says("//:app: platforms: it is wanted for linux/s390x, which is none of them");
  }

  /// A base for one platform alone cannot give an image for another.
  @Test
  void baseForOnePlatform_isAnErrorThere() {
    build(
        "oci_pull_image(name = 'one', repository = 'REGISTRY/base', sha = 'ARMSHA')\n"
            + APP.replace("':base'", "':one'"));

    workspace
        .athanor("build", "//:app")
        .fails(ExitCode.BUILD_FAILED)
        .says(
            "the image for linux/amd64 came out as one for linux/arm64",
            "pin the digest of an index");
  }

  @Test
  void pull_takesTheImageForThePlatform() {
    workspace
        .athanor("build", "//:base")
        .fails(ExitCode.BUILD_FAILED)
        .says("the digest names an index of 2 images: linux/amd64, linux/arm64");

    CliResult chosen =
        workspace.athanor("build", "--json", "--platform", "linux/arm64", "//:base").succeeds();
    assertThat(chosen.digest("//:base")).isEqualTo("sha256:" + arm.manifest().digest().hex());

    workspace
        .athanor("build", "--platform", "linux/s390x", "//:base")
        .fails(ExitCode.BUILD_FAILED)
        .says("no image for linux/s390x", "there are images for linux/amd64, linux/arm64");
  }

  /// A pulled index of which others choose images is nothing that a pattern means by itself.
  @Test
  void patterns_leaveOutAnIndexThatOthersChooseFrom() {
    build(APP);

    workspace.athanor("build", "//...").succeeds();
    CliResult fetched = workspace.athanor("fetch", "--json").succeeds();
    workspace.athanor("publish", "//...").succeeds();

    assertThat(fetched.json().getAsJsonArray("images")).hasSize(2);
    workspace.athanor("build", "//:base").fails(ExitCode.BUILD_FAILED).says("an index of 2 images");
    build("oci_build_image(name = 'app', base = ':base')");
    workspace.athanor("build", "//...").fails(ExitCode.BUILD_FAILED).says("an index of 2 images");
  }

  @Test
  void tagOfAnIndex_fromAFile() {
    build(
        """
        genrule(name = 'v', outs = ['v.txt'], cmd = 'echo 7 > $@')
        oci_build_image(name = 'app', base = 'scratch', platforms = ['linux/amd64', 'linux/arm64'],
                        repository = 'REGISTRY/app', tag = '{V}', tag_files = {':v': 'V'})
        """);

    workspace.athanor("publish", "//:app").succeeds();

    assertThat(platforms(published("app", "7"))).hasSize(2);
  }

  @Test
  void indexWithoutTheBuildsPlatform_saysSo() {
    build("oci_build_image(name = 'app', base = 'scratch', platforms = ['linux/arm64'])");

    workspace
        .athanor("image", "ls", "//:app")
        .fails(ExitCode.BAD_INPUT)
        .says("//:app is an index without an image for the platform", "--platform");
    workspace.athanor("image", "ls", "--platform", "linux/arm64", "//:app").succeeds();
  }

  @Test
  void query_showsTheActionsOfEachPlatform() {
    build(
        "oci_build_image(name = 'app', base = 'scratch', platforms = ['linux/amd64', 'linux/arm64'])");

    assertThat(workspace.athanor("query", "--actions", "//:app").succeeds().out())
        .contains("config //:app for linux/arm64");
  }

  @Test
  void why_ofWhatOnlyAnotherTargetsPlatformsNeed() {
    build(
        """
        genrule(name = 'gen', outs = ['gen.txt'], cmd = 'echo one > $@')
        oci_build_image(name = 'app', base = 'scratch', packages = [':gen'],
                        platforms = ['linux/amd64', 'linux/arm64'])
        """);
    workspace.athanor("build", "//:app").succeeds();

    assertThat(workspace.athanor("why", "//:gen").succeeds().out()).doesNotContain("out of date");
    workspace.edit("BUILD", "echo one", "echo two");
    assertThat(workspace.athanor("why", "//:gen").succeeds().out())
        .contains("genrule //:gen for linux/arm64 is out of date");
  }

  /// A tool's image runs on the machine that builds, whatever is built.
  @Test
  void pull_ofALoneImage_isForWhateverItIs() {
    build("oci_pull_image(name = 'one', repository = 'REGISTRY/base', sha = 'ARMSHA')");

    workspace.athanor("build", "--platform", "linux/amd64", "//:one").succeeds();

    build(
        "oci_pull_image(name = 'one', repository = 'REGISTRY/base', sha = 'ARMSHA',"
            + " architecture = 'amd64')");
    workspace
        .athanor("build", "//:one")
        .fails(ExitCode.BUILD_FAILED)
        .says("is an image for linux/arm64, not for linux/amd64");
  }
}
