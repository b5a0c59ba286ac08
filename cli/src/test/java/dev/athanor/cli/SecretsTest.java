package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.oci.registry.FakeRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logins reach the registry that they are for, and nothing else.
final class SecretsTest {
  private static final String SECRET = "s3cret-w0rd";

  @TempDir Path temp;
  private TestWorkspace workspace;
  private FakeRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = FakeRegistry.start();
    workspace = TestWorkspace.in(temp);
    workspace.write(
        "BUILD",
        """
        genrule(name = "env", outs = ["env.txt"],
                cmd = "(env; cat /proc/*/environ 2>/dev/null | tr '\\\\0' '\\\\n'; true) > $@")
        oci_build_image(name = "app", base = "scratch", repository = "%s/team/app", tag = "1")
        """
            .formatted(registry.host()));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private CliResult publish(String credential) {
    return workspace.athanor("publish", "//:app", "--credential", credential);
  }

  /// Holds that a text, and what it becomes in a header, is nowhere.
  private void isNowhere(CliResult result) throws IOException {
    String basic =
        Base64.getEncoder().encodeToString(("me:" + SECRET).getBytes(StandardCharsets.UTF_8));
    for (String secret : List.of(SECRET, basic)) {
      assertThat(result.out()).doesNotContain(secret);
      assertThat(result.err()).doesNotContain(secret);
      for (Path folder : List.of(workspace.cache, workspace.root)) {
        for (String file : TestWorkspace.files(folder)) {
          String text =
              new String(Files.readAllBytes(folder.resolve(file)), StandardCharsets.ISO_8859_1);
          assertThat(file + ": " + text).doesNotContain(secret);
        }
      }
    }
  }

  @Test
  void variable_opens() {
    registry.auth().requireBasic("me", SECRET);
    workspace.env("LOGIN", "me:" + SECRET);

    publish(registry.host() + "=env:LOGIN").succeeds();
  }

  @Test
  void file_opensAPartOfARegistry() throws IOException {
    registry.auth().requireTokens("me", SECRET, "identity-token");
    Path file = Files.writeString(temp.resolve("token"), "identity-token\n");

    publish(registry.host() + "/other=file:" + file).fails(ExitCode.BUILD_FAILED);
    publish(registry.host() + "/team=file:" + file).succeeds();
  }

  @Test
  void flag_winsOverWhatElseIsThere() {
    registry.auth().requireBasic("me", SECRET);
    String wrong = Base64.getEncoder().encodeToString("me:wrong".getBytes(StandardCharsets.UTF_8));
    workspace
        .env("LOGIN", "me:" + SECRET)
        .env(
            "DOCKER_AUTH_CONFIG",
            "{\"auths\": {\"%s/team/app\": {\"auth\": \"%s\"}}}".formatted(registry.host(), wrong));

    workspace.athanor("publish", "//:app").fails(ExitCode.BUILD_FAILED).says("401 Unauthorized");
    publish(registry.host() + "=env:LOGIN").succeeds();
  }

  @Test
  void dockerAuthConfig_opens() {
    registry.auth().requireBasic("me", SECRET);
    String auth =
        Base64.getEncoder().encodeToString(("me:" + SECRET).getBytes(StandardCharsets.UTF_8));
    workspace.env(
        "DOCKER_AUTH_CONFIG",
        "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}".formatted(registry.host(), auth));

    workspace.athanor("publish", "//:app").succeeds();
  }

  @Test
  void refusedPush_showsNothing() throws IOException {
    registry.auth().requireBasic("me", "another");
    workspace.env("LOGIN", "me:" + SECRET);

    CliResult result =
        workspace
            .athanor(
                "publish",
                "//:app",
                "--credential",
                registry.host() + "=env:LOGIN",
                "--events",
                workspace.root.resolve("events.json").toString(),
                "--profile",
                workspace.root.resolve("profile.json").toString(),
                "--report",
                workspace.root.resolve("report.html").toString())
            .fails(ExitCode.BUILD_FAILED)
            .says("401 Unauthorized");

    assertThat(registry.requests().stream().flatMap(r -> r.header("Authorization").stream()))
        .isNotEmpty();
    assertThat(workspace.read("events.json")).contains("401");
    isNowhere(result);
  }

  @Test
  void tokenServerThatRefuses_showsNothing() throws IOException {
    registry.auth().requireTokens("me", "another", "another");
    Path file = Files.writeString(temp.resolve("login"), SECRET);

    isNowhere(publish(registry.host() + "=file:" + file).fails(ExitCode.BUILD_FAILED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quay.io=me:" + SECRET,
        SECRET,
        "me:" + SECRET + "@quay.io",
        "quay.io=env:me:" + SECRET,
        "quay.io=" + SECRET,
      })
  void secretOnTheCommandLine_isRefused(String value) throws IOException {
    isNowhere(
        publish(value)
            .fails(ExitCode.BAD_INPUT)
            .says("--credential wants HOST=env:NAME or HOST=file:PATH", "hint: secrets"));
  }

  @Test
  void nothingThere_isTold() throws IOException {
    registry.auth().requireBasic("me", SECRET);
    Path none = temp.resolve("none");

    publish(registry.host() + "=env:LOGIN")
        .fails(ExitCode.BUILD_FAILED)
        .says("--credential names the environment variable LOGIN, which holds nothing");
    publish(registry.host() + "=file:" + none)
        .fails(ExitCode.BUILD_FAILED)
        .says("cannot read " + none + ", which --credential names");
  }

  /// In a process of its own, which really has the variables.
  @Test
  void commandsAndHelpers_doNotGetThem() throws IOException {
    registry.auth().requireBasic("me", "from-helper");
    Path bin = temp.resolve("bin");
    Path seen = temp.resolve("seen");
    workspace.program(
        "../bin/docker-credential-probe",
        "#!/bin/sh\nenv > %s\necho '{\"Username\": \"me\", \"Secret\": \"from-helper\"}'\n"
            .formatted(seen));
    workspace.write("../docker/config.json", "{\"credsStore\": \"probe\"}");
    workspace
        .env("PATH", bin + ":" + System.getenv("PATH"))
        .env("DOCKER_CONFIG", temp.resolve("docker").toString())
        .env("MARKER", "marker")
        .env("LOGIN", SECRET)
        .env("DOCKER_AUTH_CONFIG", "{\"auths\": {\"x\": {\"identitytoken\": \"" + SECRET + "\"}}}");

    CliResult result =
        workspace
            .process("", "publish", "//:app", "--credential", "other.example=env:LOGIN")
            .succeeds();
    workspace.process("", "build", "//:env", "--credential", "other.example=env:LOGIN").succeeds();

    assertThat(Files.readString(seen)).contains("MARKER=marker");
    assertThat(Files.readString(seen)).doesNotContain("LOGIN");
    assertThat(Files.readString(seen)).doesNotContain(SECRET);
    assertThat(workspace.read("athanor-out/env.txt")).contains("PATH=");
    assertThat(workspace.read("athanor-out/env.txt")).doesNotContain("MARKER");
    isNowhere(result);
  }
}
