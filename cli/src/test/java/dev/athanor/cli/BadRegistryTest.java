package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.registry.Answer;
import dev.athanor.oci.registry.FakeRegistry;
import dev.athanor.oci.registry.Faults;
import dev.athanor.oci.registry.Request;
import dev.athanor.oci.registry.SampleImage;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pulling from and pushing to registries that are wrong, or not there: the message names what was
/// wanted and where, and nothing half-written is left.
final class BadRegistryTest {
  @TempDir Path temp;
  private TestWorkspace workspace;
  private FakeRegistry registry;
  private SampleImage image;

  @BeforeEach
  void start() throws IOException {
    workspace = TestWorkspace.in(temp);
    registry = FakeRegistry.start();
    image = SampleImage.of(1, 3000, 5000);
    image.into(registry, "team/base", "1");
    pull(image.manifest());
  }

  @AfterEach
  void nothingIsLeft() {
    registry.close();
    workspace.isClean();
  }

  private void pull(Manifest manifest) {
    pull("sha", manifest.digest().hex());
  }

  private void pull(String attribute, String sha) {
    workspace.write(
        "BUILD",
        """
        oci_pull_image(name = "base", repository = "%s/team/base", %s = "%s")
        """
            .formatted(registry.host(), attribute, sha));
  }

  private CliResult fails() {
    CliResult result = workspace.athanor("build", "//:base").fails(ExitCode.BUILD_FAILED);
    assertThat(result.out()).isEmpty();
    return result;
  }

  private String reference() {
    return registry.host() + "/team/base@sha256:" + image.manifest().digest().hex();
  }

  @Test
  void manifestWithOtherContent() {
    byte[] other = SampleImage.of(2, 10).manifest().bytes();
    registry.with(
        Faults.replace(
            Request::readsManifest,
            99,
            Answer.of(200)
                .withBody(other)
                .with("Content-Type", "application/vnd.oci.image.manifest.v1+json")));

    fails()
        .says("FAILED fetch //:base: cannot pull " + reference(), "sha256:", "changed the content");
  }

  @Test
  void digestThatTheRegistryDoesNotHave() {
    pull("sha", "1".repeat(64));

    fails()
        .says(
            "FAILED fetch //:base: cannot pull " + registry.host() + "/team/base@sha256:111",
            "404 Not Found",
            "MANIFEST_UNKNOWN",
            "hint: check repository, tag and digest");
  }

  @Test
  void corruptBlob() {
    registry.with(Faults.corruptBlobs(99));

    fails().says("FAILED fetch //:base: ", image.manifest().config().blob().hex(), registry.host());
  }

  @Test
  void corruptLayer() {
    registry.with(
        Faults.spoil(
            request -> request.path().endsWith(image.manifest().layers().get(1).blob().hex()),
            99,
            answer -> answer.withBody(new byte[5000])));

    fails().says("FAILED fetch //:base: ", image.manifest().layers().get(1).blob().hex());
  }

  @Test
  void truncatedLayer() {
    registry.with(
        Faults.spoil(
            request -> request.path().endsWith(image.manifest().layers().get(1).blob().hex()),
            99,
            answer -> answer.withBody(new byte[4999])));

    fails().says("FAILED fetch //:base: ", image.manifest().layers().get(1).blob().hex());
  }

  @Test
  void missingLayer() {
    SampleImage incomplete = SampleImage.of(3, 100, 200);
    registry.add("team/base", incomplete.layers().get(0));
    registry.add("team/base", incomplete.config().bytes());
    registry.add("team/base", "3", incomplete.manifest());
    pull(incomplete.manifest());

    fails()
        .says(
            "FAILED fetch //:base: cannot ",
            incomplete.manifest().layers().get(1).blob().hex(),
            "404 Not Found");
  }

  @Test
  void missingConfig() {
    SampleImage incomplete = SampleImage.of(3, 100);
    registry.add("team/base", incomplete.layers().get(0));
    registry.add("team/base", "3", incomplete.manifest());
    pull(incomplete.manifest());

    fails()
        .says(
            "FAILED fetch //:base: cannot ",
            incomplete.manifest().config().blob().hex(),
            "404 Not Found");
  }

  @Test
  void registryDown() {
    registry.close();

    fails()
        .says(
            "cannot pull " + reference(),
            "connection to " + registry.host() + " refused",
            "hint: check that the registry runs");
  }

  @Test
  void noSuchHost() {
    workspace.edit("BUILD", registry.host(), "registry.invalid");

    fails().says("no such host: registry.invalid", "hint: check the spelling");
  }

  @Test
  void unauthorized() {
    registry.auth().requireBasic("bob", "secret");

    fails().says("cannot pull " + reference(), "401 Unauthorized", "hint: log in");
  }

  @Test
  void wrongPassword_isNeverShown() {
    registry.auth().requireBasic("bob", "secret");
    workspace.write(
        "docker/config.json",
        "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}"
            .formatted(registry.host(), "Ym9iOmd1ZXNzZWQtd3Jvbmc=")); // bob:guessed-wrong
    workspace.env("DOCKER_CONFIG", workspace.root.resolve("docker").toString());

    CliResult result = fails().says("401 Unauthorized");

    assertThat(registry.requests().toString()).isNotEmpty();
    assertThat(result.err()).doesNotContain("guessed-wrong");
    assertThat(result.err()).doesNotContain("Ym9iOmd1ZXNzZWQtd3Jvbmc");
  }

  @Test
  void forbiddenPush() {
    registry.with(Faults.refuse(request -> request.method().equals("POST"), 99, 403));
    workspace.write(
        "BUILD",
        """
        oci_build_image(name = "app", base = "scratch", repository = "%s/team/app", tag = "2")
        """
            .formatted(registry.host()));

    workspace
        .athanor("publish", "//:app")
        .fails(ExitCode.BUILD_FAILED)
        .says("FAILED push //:app: cannot push", "/team/app", "403 Forbidden");
    workspace.athanor("clean").succeeds();
  }

  @Test
  void plainHttp_isRefusedButOnTheLoopback() {
    workspace.edit("BUILD", registry.host(), "registry.invalid:5000");

    fails().says("registry.invalid:5000");
    assertThat(registry.requests()).isEmpty();
  }

  /// A failure is not remembered.
  @Test
  void healedRegistry_isPulledFrom() {
    registry.with(Faults.refuse(_ -> true, 99, 404));
    fails();
    registry.heal();

    workspace.athanor("build", "//:base").succeeds();
    workspace.athanor("clean").succeeds();
  }
}
