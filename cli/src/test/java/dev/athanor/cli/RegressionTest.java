package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.athanor.engine.digest.Digester;
import dev.athanor.oci.layer.Peers;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.Platform;
import dev.athanor.oci.registry.FakeRegistry;
import dev.athanor.oci.registry.SampleImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Defects and leaks that the original plugin and its tools had, and that users of their kin
/// reported: none of them here.
final class RegressionTest {
  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    workspace = TestWorkspace.in(temp);
  }

  /// An image with this command on a shell and a few programs.
  private void command(String... commands) {
    Peers.requireTools("busybox");
    String words = Stream.of(commands).map(c -> "\"" + c + "\"").collect(Collectors.joining(", "));
    workspace.write(
        "BUILD",
        """
        genrule(
            name = "shell",
            outs = ["bin/" + name for name in ["sh", "cat", "mkdir", "rm", "ln", "grep"]],
            cmd = "for out in $(OUTS); do cp $$(command -v busybox) $$out; chmod 755 $$out; done",
        )
        oci_build_image(name = "base", base = "scratch", packages = [":shell"])
        oci_build_image(name = "a", base = ":base", commands = [%s])
        """
            .formatted(words));
  }

  /// The root directory is what the overlay's upper directory is.
  @Test
  void rootOfAStep_hasNoModeOfOurs() {
    command("mkdir /data");

    workspace.process("umask 077", "build", "//:a").succeeds();

    assertThat(workspace.athanor("image", "ls", "//:a").succeeds().out())
        .startsWith("drwxr-xr-x       0:0             /\n");
  }

  @Test
  void rootOfAContainer_hasNoModeOfOurs() {
    command("mkdir /data");
    workspace.write(
        "BUILD",
        workspace.read("BUILD")
            + "oci_build_image(name = 'b', base = ':base', user = '1000', entrypoint = ['/bin/cat', '/bin/../proc/self/comm'])\n");

    CliResult ran = workspace.process("umask 077", "run", "--runtime=sandbox", "//:b").succeeds();

    assertThat(ran.out()).isEqualTo("cat\n");
  }

  @Test
  void nameThatLooksLikeASuffix_isKept() {
    workspace
        .write("jazz.gz", "not really")
        .write("BUILD", "oci_build_image(name = 'a', base = 'scratch', packages = ['jazz.gz'])");

    assertThat(workspace.image("//:a").names(0)).containsExactly("jazz.gz");
  }

  /// A tar is a file like any other; nothing is guessed from names or content.
  @Test
  void archiveAmongThePackages_isPackedAsItIs() {
    workspace.write(
        "BUILD",
        """
        genrule(name = "t", outs = ["t.tar.gz"], cmd = "tar -czf $@ --files-from /dev/null")
        oci_build_image(name = "a", base = "scratch", packages = [":t"])
        """);

    assertThat(workspace.image("//:a").names(0)).containsExactly("t.tar.gz");
  }

  @Test
  void oddFileNames_arrive() throws IOException {
    List<String> names = List.of("app/with space", "app/grüße-☃", "app/a:b", "app/-dash", "app/$x");
    for (String name : names) {
      workspace.write(name, "x");
    }
    workspace.write(
        "BUILD",
        """
        files(name = "f", sources = ["app"])
        oci_build_image(name = "a", base = "scratch", packages = [":f"])
        """);

    assertThat(workspace.image("//:a").names(0)).containsAtLeastElementsIn(names);
  }

  @Test
  void clockAndModesOfTheSources_reachNoImage() throws IOException {
    workspace
        .write("app/x", "x")
        .program("app/run", "#!/bin/sh\n")
        .write(
            "BUILD",
            """
            files(name = "f", sources = ["app/x", "app/run"])
            oci_build_image(name = "a", base = "scratch", packages = [":f"])
            """);
    String before = workspace.image("//:a").digest();
    for (String file : List.of("app/x", "app/run")) {
      Files.setLastModifiedTime(workspace.root.resolve(file), FileTime.fromMillis(1_000_000_007));
    }
    chmod("app/x", "rw-rw-rw-");
    chmod("app/run", "rwx------");
    chmod("app", "rwx------");

    BuiltImage image = workspace.image("//:a");

    assertThat(image.digest()).isEqualTo(before);
    assertThat(image.entries(0))
        .containsExactly("0755 0:0 0 app/", "0755 0:0 0 app/run", "0644 0:0 0 app/x");
  }

  private void chmod(String file, String mode) throws IOException {
    Files.setPosixFilePermissions(
        workspace.root.resolve(file), PosixFilePermissions.fromString(mode));
  }

  @Test
  void history_hasNoQuotesAndNoClock() {
    workspace
        .write("x", "x")
        .write("BUILD", "oci_build_image(name = 'a', base = 'scratch', packages = ['x'])");

    BuiltImage image = workspace.image("//:a");

    assertThat(image.history()).containsExactly("athanor add-layer //:a");
    assertThat(image.config().toString()).doesNotContain("'");
    assertThat(image.config().has("created") ? image.config().get("created").getAsString() : "")
        .isAnyOf("", "1970-01-01T00:00:00Z");
  }

  @Test
  void command_twiceWithAPause_givesTheSameBytes() throws InterruptedException {
    command("mkdir /made && echo hi > /made/x && cat /made/x > /copy");
    String first = workspace.image("//:a").digest();
    workspace.athanor("clean", "--cache").succeeds();
    Thread.sleep(1100);

    assertThat(workspace.image("//:a").digest()).isEqualTo(first);
  }

  /// Neither the root nor a file that was only read is in the layer.
  @Test
  void command_leavesOnlyWhatItChanged() {
    command(
        "mkdir /made && cat /bin/sh > /made/sh", "rm /bin/ln && cat /proc/self/status > /tmp/x");

    BuiltImage image = workspace.image("//:a");

    assertThat(image.entries(1)).containsExactly("0755 0:0 0 made/", "0644 0:0 0 made/sh");
    assertThat(image.names(2)).containsExactly("bin/", "bin/.wh.ln").inOrder();
    assertThat(image.layers()).isEqualTo(3);
    assertThat(image.history())
        .containsExactly(
            "athanor add-layer //:base",
            "mkdir /made && cat /bin/sh > /made/sh",
            "rm /bin/ln && cat /proc/self/status > /tmp/x")
        .inOrder();
  }

  @Test
  void command_thatChangesNothing_makesNoLayer() {
    command("cat /bin/sh > /tmp/x");

    BuiltImage image = workspace.image("//:a");

    assertThat(image.layers()).isEqualTo(1);
    assertThat(image.history()).contains("cat /bin/sh > /tmp/x");
  }

  @Test
  void command_seesOnlyTheLoopback() {
    command("cat /proc/net/dev > /devices");

    String devices =
        workspace.image("//:a").layers() == 2 ? workspace.image("//:a").file(1, "devices") : "";

    assertThat(devices).contains("lo:");
    assertThat(devices.lines().skip(2).count()).isEqualTo(1);
  }

  @Test
  void command_seesNothingOfWhoeverBuilds() {
    command(
        "(echo $HOME $USER $LANG $TZ $HOSTNAME; echo $SECRET; cat /proc/sys/kernel/hostname) > /env");
    workspace.process("export SECRET=s USER=me LANG=de_DE TZ=CET", "build", "//:a").succeeds();

    assertThat(BuiltImage.in(workspace.root.resolve("athanor-out/a")).file(1, "env"))
        .isEqualTo("/root athanor\n\nathanor\n");
  }

  @Test
  void command_thatFails_saysHow() {
    command("echo before; cat /nope; exit 7");

    workspace
        .athanor("build", "//:a")
        .fails(ExitCode.BUILD_FAILED)
        .says("FAILED run //:a: ", "exit code 7", "before", "No such file or directory");
    workspace.isClean();
  }

  @Test
  void architectureOfTheHost_isInNoImage() {
    workspace.write(
        "BUILD",
        """
        oci_image_empty(name = "arm", architecture = "arm64")
        oci_build_image(name = "on_arm", base = ":arm", env = ["A=1"])
        oci_build_image(name = "on_scratch", base = "scratch", env = ["A=1"])
        """);

    assertThat(architecture("//:on_arm")).isEqualTo("arm64");
    assertThat(architecture("//:on_scratch")).isEqualTo("amd64");
    assertThat(
            workspace
                .athanor("build", "--json", "--platform", "linux/arm64", "//:on_scratch")
                .succeeds()
                .digest("//:on_scratch"))
        .isEqualTo(workspace.image("//:on_arm").digest());
  }

  private String architecture(String label) {
    return workspace.image(label).config().get("architecture").getAsString();
  }

  @Test
  void index_isNeverResolvedByTheHost() throws IOException {
    try (FakeRegistry registry = FakeRegistry.start()) {
      Index index = index(registry);
      String pull =
          "oci_pull_image(name = 'a', repository = '%s/a', sha = '%s', %%s)"
              .formatted(registry.host(), index.digest().hex());

      workspace
          .write("BUILD", pull.formatted(""))
          .athanor("build", "//:a")
          .fails(ExitCode.BUILD_FAILED)
          .says("an index of 2 images: linux/amd64, linux/arm64", "choose one");

      workspace.write("BUILD", pull.formatted("architecture = 'arm64'"));
      assertThat(architecture("//:a")).isEqualTo("arm64");
      workspace.write("BUILD", pull.formatted("architecture = 'amd64'"));
      assertThat(architecture("//:a")).isEqualTo("amd64");
      workspace
          .write("BUILD", pull.formatted("architecture = 's390x'"))
          .athanor("build", "//:a")
          .fails(ExitCode.BUILD_FAILED)
          .says("s390x", "linux/amd64, linux/arm64");
    }
  }

  private static Index index(FakeRegistry registry) {
    List<Descriptor> images =
        List.of("amd64", "arm64").stream()
            .map(architecture -> {
              Platform platform = Platform.of("linux", architecture);
              SampleImage image = SampleImage.of(architecture.hashCode(), platform, 10);
              image.into(registry, "a", architecture);
              return image.manifest().descriptor().withPlatform(platform);
            })
            .toList();
    Index index = Index.of(images);
    registry.add("a", "all", index);
    return index;
  }

  /// A Docker image stays one: the digest that was pinned is the digest that is built.
  @Test
  void dockerImage_keepsItsDigestAndItsTypes() throws IOException {
    try (FakeRegistry registry = FakeRegistry.start()) {
      SampleImage image = SampleImage.withTarLayer();
      String docker =
          new String(image.manifest().bytes(), StandardCharsets.UTF_8)
              .replace(MediaType.OCI_MANIFEST, MediaType.DOCKER_MANIFEST)
              .replace(MediaType.OCI_CONFIG, MediaType.DOCKER_CONFIG)
              .replace(MediaType.OCI_LAYER, MediaType.DOCKER_LAYER);
      Manifest manifest =
          Manifest.parse(MediaType.DOCKER_MANIFEST, docker.getBytes(StandardCharsets.UTF_8));
      image.into(registry, "a", "x");
      registry.add("a", "docker", manifest);
      workspace
          .write("x", "x")
          .write(
              "BUILD",
              """
              oci_pull_image(name = "base", repository = "%s/a", sha = "%s")
              oci_build_image(name = "app", base = ":base", packages = ["x"])
              """
                  .formatted(registry.host(), manifest.digest().hex()));

      BuiltImage base = workspace.image("//:base");
      BuiltImage app = workspace.image("//:app");

      assertThat(base.digest()).isEqualTo("sha256:" + manifest.digest().hex());
      assertThat(app.manifest().toString()).contains(MediaType.DOCKER_LAYER_GZIP);
      assertThat(app.manifest().toString()).doesNotContain("vnd.oci");
    }
  }

  /// What we do not know is somebody's.
  @Test
  void unknownFieldsOfAConfig_areKept() throws IOException {
    try (FakeRegistry registry = FakeRegistry.start()) {
      JsonObject before =
          JsonParser.parseString(
                  """
                  {"architecture": "amd64", "os": "linux", "x-top": [1.0, null, "a<b"],
                   "config": {"Env": ["A=1"], "Shell": ["/bin/bash", "-c"], "OnBuild": ["RUN x"],
                   "Healthcheck": {"Test": ["CMD", "true"], "Interval": 30000000000}, "X": {"y": 1}},
                   "rootfs": {"type": "layers", "diff_ids": []}, "history": []}
                  """)
              .getAsJsonObject();
      ImageConfig config = ImageConfig.parse(before.toString().getBytes(StandardCharsets.UTF_8));
      Manifest manifest =
          Manifest.of(
              Descriptor.of(MediaType.OCI_CONFIG, Digester.digest(config.bytes())), List.of());
      registry.add("a", config.bytes());
      registry.add("a", "x", manifest);
      workspace.write(
          "BUILD",
          """
          oci_pull_image(name = "base", repository = "%s/a", sha = "%s")
          oci_build_image(name = "app", base = ":base", env = ["A=2"])
          """
              .formatted(registry.host(), manifest.digest().hex()));

      JsonObject after = workspace.image("//:app").config();

      assertThat(after.getAsJsonObject("config").get("Env").toString()).isEqualTo("[\"A=2\"]");
      after.getAsJsonObject("config").add("Env", before.getAsJsonObject("config").get("Env"));
      assertThat(after).isEqualTo(before);
    }
  }

  /// Who asks decides whether the answer comes, not what it is.
  @Test
  void credentials_areInNoKey() throws IOException {
    try (FakeRegistry registry = FakeRegistry.start()) {
      SampleImage image = SampleImage.of(1, 10);
      image.into(registry, "a", "x");
      registry.auth().requireBasic("bob", "secret");
      workspace.write(
          "BUILD",
          "oci_pull_image(name = 'a', repository = '%s/a', sha = '%s')"
              .formatted(registry.host(), image.manifest().digest().hex()));
      workspace.write(
          "docker/config.json",
          "{\"auths\": {\"%s\": {\"auth\": \"Ym9iOnNlY3JldA==\"}}}".formatted(registry.host()));

      workspace
          .env("DOCKER_CONFIG", workspace.root.resolve("docker").toString())
          .env("HOME", "/home/bob")
          .athanor("build", "//:a")
          .succeeds();
      CliResult other =
          workspace
              .env("DOCKER_CONFIG", "/nowhere")
              .env("HOME", "/home/alice")
              .athanor("build", "--json", "//:a")
              .succeeds();

      assertThat(other.executed()).isEqualTo(0);
      for (String blob : TestWorkspace.files(workspace.cache)) {
        assertThat(Files.readString(workspace.cache.resolve(blob), StandardCharsets.ISO_8859_1))
            .doesNotContain("Ym9iOnNlY3JldA");
      }
    }
  }

  @Test
  void failureInAnImage_namesTheImage() {
    TestWorkspace workspace = TestWorkspace.ofExample("quickstart", temp.resolve("image"));
    workspace.write(
        "BUILD",
        workspace.read("BUILD")
            + "genrule(name = 'bad', outs = ['x'], cmd = 'exit 3', image = ':hello')\n");

    workspace
        .athanor("build", "//:bad")
        .fails(ExitCode.BUILD_FAILED)
        .says("in a sandbox with the image of //:hello, in /build");
  }
}
