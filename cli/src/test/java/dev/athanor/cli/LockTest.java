package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Platform;
import dev.athanor.oci.registry.FakeRegistry;
import dev.athanor.oci.registry.SampleImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tags that a lock file pins, and work without a network.
final class LockTest {
  private static final Platform AMD = Platform.of("linux", "amd64");
  private static final Platform ARM = Platform.of("linux", "arm64");

  @TempDir Path temp;
  private TestWorkspace workspace;
  private FakeRegistry registry;
  private final SampleImage amd = SampleImage.of(1, AMD, 100);
  private final SampleImage arm = SampleImage.of(2, ARM, 200);

  @BeforeEach
  void start() throws IOException {
    workspace = TestWorkspace.in(temp);
    registry = FakeRegistry.start();
    tag(amd, arm);
    build(
        "oci_pull_image(name = 'py', repository = 'REGISTRY/py', tag = '3', architecture = 'amd64')");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private void tag(SampleImage... images) throws IOException {
    for (SampleImage image : images) {
      image.into(registry, "py", "x");
    }
    registry.add("py", "3", index(images));
  }

  private static Index index(SampleImage... images) {
    return Index.of(
        List.of(images).stream()
            .map(image -> image.manifest().descriptor().withPlatform(image.config().platform()))
            .toList());
  }

  private void build(String text) {
    workspace.write("BUILD", text.replace("REGISTRY", registry.host()));
  }

  private String reference() {
    return registry.host() + "/py:3";
  }

  private JsonObject locked() {
    return JsonParser.parseString(workspace.read("athanor.lock"))
        .getAsJsonObject()
        .getAsJsonObject("images");
  }

  private static String sha(SampleImage image) {
    return "sha256:" + image.manifest().digest().hex();
  }

  @Test
  void tag_withoutALock_saysWhatToRun() {
    workspace
        .athanor("build", "//:py")
        .fails(ExitCode.BAD_INPUT)
        .says(
            "BUILD:1:1: //:py: tag: athanor.lock does not say what " + reference() + " stands for",
            "run `athanor lock`");
    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void lock_pinsTheTag_untilItIsUpdated() throws IOException {
    assertThat(workspace.athanor("lock").succeeds().out())
        .isEqualTo("locked " + reference() + "@sha256:" + index(amd, arm).digest().hex() + "\n");
    JsonObject image = locked().getAsJsonObject(reference());
    assertThat(image.getAsJsonObject("platforms").keySet())
        .containsExactly("linux/amd64", "linux/arm64");
    assertThat(workspace.athanor("build", "--json", "//:py").succeeds().digest("//:py"))
        .isEqualTo(sha(amd));

    SampleImage newer = SampleImage.of(3, AMD, 300);
    tag(newer, arm);
    registry.forgetRequests();
    assertThat(workspace.athanor("lock").succeeds().out()).isEmpty();
    assertThat(registry.requests()).isEmpty();
    assertThat(workspace.athanor("build", "--json", "//:py").succeeds().digest("//:py"))
        .isEqualTo(sha(amd));
    assertThat(workspace.athanor("lock", "--update", "--check").ends(1).out())
        .startsWith("updated " + reference() + ": sha256:");
    assertThat(workspace.athanor("build", "--json", "//:py").succeeds().digest("//:py"))
        .isEqualTo(sha(amd));

    assertThat(workspace.athanor("lock", "--update").succeeds().out())
        .startsWith("updated " + reference() + ": sha256:");
    assertThat(workspace.athanor("build", "--json", "//:py").succeeds().digest("//:py"))
        .isEqualTo(sha(newer));
    workspace.athanor("lock", "--update", "--check").succeeds();
  }

  /// A new image for another platform is no change for this one.
  @Test
  void update_ofAnotherPlatform_rebuildsNothing() throws IOException {
    workspace.athanor("lock").succeeds();
    workspace.athanor("build", "//:py").succeeds();
    tag(amd, SampleImage.of(4, ARM, 10));

    workspace.athanor("lock", "--update").succeeds();

    assertThat(workspace.athanor("build", "--json", "//:py").succeeds().executed()).isEqualTo(0);
  }

  @Test
  void check_findsWhatIsMissingAndWhatIsNotNeeded_withoutANetwork() {
    assertThat(workspace.athanor("lock", "--check").ends(1).out())
        .isEqualTo("not locked: " + reference() + "\n");
    assertThat(Files.exists(workspace.root.resolve("athanor.lock"))).isFalse();
    workspace.athanor("lock").succeeds();
    registry.forgetRequests();
    workspace.athanor("lock", "--check", "--offline").succeeds();

    build("");
    assertThat(workspace.athanor("lock", "--check").ends(1).out())
        .isEqualTo("no longer named: " + reference() + "\n");
    assertThat(workspace.athanor("lock").succeeds().out())
        .isEqualTo("no longer named: " + reference() + "\n");
    assertThat(locked().keySet()).isEmpty();
    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void lock_ofOneReference_andOfAllBranches() throws IOException {
    SampleImage.of(7, 5).into(registry, "py", "4");
    build(
        """
        config_setting(name = 'new', flags = {'py': '4'})
        oci_pull_image(name = 'py', repository = 'REGISTRY/py', os = 'linux', architecture = 'amd64',
                       tag = select({':new': '4', '//conditions:default': '3'}))
        oci_pull_image(name = 'pinned', repository = 'REGISTRY/py', tag = 'nobody-asks', sha = '%s')
        """
            .formatted(amd.manifest().digest().hex()));

    workspace.athanor("lock").succeeds();
    assertThat(locked().keySet()).containsExactly(reference(), registry.host() + "/py:4");
    assertThat(
            workspace.athanor("build", "--json", "-D", "py=4", "//:py").succeeds().digest("//:py"))
        .isEqualTo(sha(SampleImage.of(7, 5)));
    workspace.athanor("build", "//:pinned").succeeds();

    tag(SampleImage.of(8, AMD, 1), arm);
    SampleImage.of(9, 5).into(registry, "py", "4");
    assertThat(workspace.athanor("lock", "--update", reference()).succeeds().out().lines())
        .hasSize(1);
    workspace
        .athanor("lock", "--update", "x.y/z:1")
        .fails(ExitCode.BAD_INPUT)
        .says("no oci_pull_image has the tag x.y/z:1", reference());
  }

  @Test
  void platform_thatIsNotThere_isAnErrorThatListsThem() {
    build(
        "oci_pull_image(name = 'py', repository = 'REGISTRY/py', tag = '3', architecture = 's390x')");
    workspace.athanor("lock").succeeds();

    workspace
        .athanor("build", "//:py")
        .fails(ExitCode.BAD_INPUT)
        .says("//:py: tag: no image for linux/s390x", "linux/amd64, linux/arm64");

    build("oci_pull_image(name = 'py', repository = 'REGISTRY/py', tag = '3')");
    workspace
        .athanor("build", "//:py")
        .fails(ExitCode.BUILD_FAILED)
        .says("names an index of 2 images: linux/amd64, linux/arm64", "--platform");
    assertThat(
            workspace
                .athanor("build", "--json", "--platform", "linux/arm64", "//:py")
                .succeeds()
                .digest("//:py"))
        .isEqualTo(sha(arm));
  }

  @Test
  void tagThatIsNotThere_namesTheTarget() {
    build("oci_pull_image(name = 'py', repository = 'REGISTRY/py', tag = '99')");

    workspace
        .athanor("lock")
        .fails(ExitCode.BAD_INPUT)
        .says("cannot lock the tag of //:py: cannot pull " + registry.host() + "/py:99", "404");
    assertThat(Files.exists(workspace.root.resolve("athanor.lock"))).isFalse();
  }

  @Test
  void brokenLock_isAnError() {
    workspace.write("athanor.lock", "<<<<<<< HEAD\n{}");
    workspace
        .athanor("build", "//:py")
        .fails(ExitCode.BAD_INPUT)
        .says("//:py: tag: athanor.lock cannot be read");
    workspace.athanor("lock").fails(ExitCode.BAD_INPUT).says("athanor.lock cannot be read");
    workspace.write("athanor.lock", "{\"version\": 7, \"images\": {}}");
    workspace
        .athanor("build", "//:py")
        .fails(ExitCode.BAD_INPUT)
        .says("athanor.lock has version 7");
  }

  @Test
  void fetch_bringsAllForWorkWithoutANetwork() {
    build(
        """
        oci_pull_image(name = 'py', repository = 'REGISTRY/py', tag = '3', architecture = 'amd64')
        oci_build_image(name = 'app', base = ':py', labels = {'a': 'b'})
        """);
    workspace.athanor("lock").succeeds();
    workspace
        .athanor("build", "--offline", "//:app")
        .fails(ExitCode.BUILD_FAILED)
        .says("--offline forbids it", "athanor fetch");

    CliResult fetched = workspace.athanor("fetch", "--json").succeeds();

    JsonObject image = fetched.json().getAsJsonArray("images").get(0).getAsJsonObject();
    assertThat(image.get("label").getAsString()).isEqualTo("//:py");
    assertThat(image.get("layers").getAsInt()).isEqualTo(1);
    assertThat(fetched.json().getAsJsonArray("images")).hasSize(1);
    registry.close();

    workspace.athanor("build", "--offline", "//...").succeeds();
    assertThat(workspace.athanor("fetch", "--offline", "//:app").succeeds().out())
        .startsWith("//:py@" + sha(amd) + " 1 layer,");
  }
}
