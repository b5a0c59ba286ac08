package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.oci.registry.FakeRegistry;
import dev.athanor.oci.registry.SampleImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `load` makes of runtimes that do this or that, as played by shell scripts.
final class LoadChoiceTest {
  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    workspace = TestWorkspace.in(temp).write("f", "f");
    workspace.write("BUILD", "oci_build_image(name = 'i', base = 'scratch', packages = ['f'])");
    workspace.env("PATH", workspace.root.resolve("bin") + ":/usr/bin-of-nobody");
  }

  /// A runtime whose words are written down, and for each of which it does what a line of a `case`
  /// says.
  private void runtime(String name, String cases) {
    workspace.program(
        "bin/" + name,
        """
        #!/bin/sh
        PATH=/usr/bin:/bin
        echo "%s $*" >> %s/calls
        case "$*" in
        %s
        esac
        """
            .formatted(name, temp, cases));
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(temp.resolve("calls")).stream()
        .map(line ->
            line.replaceAll("127.0.0.1:[0-9]+/athanor/[0-9a-f-]{36}", "HERE/athanor")
                .replaceAll("@sha256:\\w+", "@D"))
        .toList();
  }

  @Test
  void auto_takesTheFirstThatAnswers_andSaysWhich() throws IOException {
    runtime("docker", "version) echo Client: 1; echo Cannot connect >&2; exit 1;;");
    runtime("podman", "");

    CliResult result = workspace.athanor("load", "//:i").succeeds();

    assertThat(result.out()).startsWith("//:i loaded into podman as localhost/i:latest@sha256:");
    assertThat(calls())
        .containsExactly(
            "docker version",
            "podman version",
            "podman pull --quiet --tls-verify=false HERE/athanor/1@D",
            "podman tag HERE/athanor/1@D localhost/i:latest",
            "podman untag HERE/athanor/1@D HERE/athanor/1@D")
        .inOrder();
  }

  @Test
  void containerd_hasNamespaces() throws IOException {
    runtime("ctr", "");

    workspace.athanor("load", "//:i", "--namespace=k8s.io", "--name=example.com/x:2").succeeds();

    assertThat(calls())
        .containsExactly(
            "ctr --namespace k8s.io version",
            "ctr --namespace k8s.io images pull --plain-http HERE/athanor/1@D",
            "ctr --namespace k8s.io images tag --force HERE/athanor/1@D example.com/x:2",
            "ctr --namespace k8s.io images rm HERE/athanor/1@D")
        .inOrder();
  }

  @Test
  void noRuntime_tellsWhatWasTried() {
    runtime("docker", "version) echo Client: Podman Engine;;");
    runtime("ctr", "*) echo; echo 'ctr: no socket' >&2; exit 1;;");

    workspace
        .athanor("load", "//:i")
        .fails(ExitCode.BAD_INPUT)
        .says(
            "there is no runtime to load into: docker is podman by another name; podman is not"
                + " installed; ctr says: ctr: no socket",
            "hint: start one of them, or use --archive FILE");
    workspace
        .athanor("load", "//:i", "--to=podman")
        .fails(ExitCode.BAD_INPUT)
        .says("there is no runtime to load into: podman is not installed\n");
  }

  @Test
  void failedPull_sendsAnArchive_andFailureOfThatTellsBoth() throws IOException {
    runtime(
        "docker",
        "pull*) echo daemon: no route >&2; exit 1;;\nload*) cat > %s/got.tar;;".formatted(temp));

    workspace
        .athanor("load", "//:i", "--to=docker")
        .succeeds()
        .says("docker could not pull from here (daemon: no route), and gets the whole image");
    assertThat(
            workspace
                .athanor("image", "cat", temp.resolve("got.tar").toString(), "/f")
                .succeeds()
                .out())
        .isEqualTo("f");

    runtime("docker", "pull*) echo no route >&2; exit 1;;\nload*) echo disk full >&2; exit 1;;");
    workspace
        .athanor("load", "//:i", "--to=docker")
        .fails(ExitCode.BAD_INPUT)
        .says("docker did not take //:i: no route; disk full");
  }

  @Test
  void nameThatStays_isTold_andOneThatIsRefusedFails() {
    runtime("docker", "rmi*) echo in use >&2; exit 1;;");
    workspace
        .athanor("load", "//:i")
        .succeeds()
        .says("warning: docker keeps the name 127.0.0.1:", ": in use");

    runtime("docker", "tag*) echo bad name >&2; exit 1;;");
    workspace.athanor("load", "//:i").fails(ExitCode.BAD_INPUT).says("not take //:i: bad name");
  }

  /// A base whose layer the registry has lost is no fault of the runtime.
  @Test
  void originThatLostALayer_isTheReason() throws IOException {
    try (FakeRegistry registry = FakeRegistry.start()) {
      SampleImage base = SampleImage.withTarLayer();
      registry.add("base", base.config().bytes());
      registry.add("base", "1", base.manifest());
      workspace.write(
          "BUILD",
          "oci_pull_image(name = 'i', repository = '%s/base', sha = '%s')"
              .formatted(registry.host(), base.manifest().digest().hex()));
      String layer = base.manifest().layers().getFirst().digest().toString();
      runtime(
          "docker",
          """
          pull*) curl -fs "http://$(echo "$3" | sed 's,/,/v2/,; s,@.*,,')/blobs/%s" >&2;;
          load*) exit 0;;\
          """
              .formatted(layer));

      CliResult result =
          workspace
              .athanor("load", "//:i")
              .fails(ExitCode.BAD_INPUT)
              .says("cannot pull", "404 Not Found", layer);
      assertThat(result.err()).doesNotContain("could not pull from here");
    }
  }

  @Test
  void lostLayer_isMadeAgain() throws IOException {
    runtime("docker", "");
    workspace.athanor("load", "//:i").succeeds();
    String layer =
        workspace
            .image("//:i")
            .manifest()
            .getAsJsonArray("layers")
            .get(0)
            .getAsJsonObject()
            .get("digest")
            .getAsString()
            .replace("sha256:", "");
    Files.delete(workspace.cache.resolve("cas/" + layer.substring(0, 2) + "/" + layer));

    CliResult again = workspace.athanor("load", "//:i", "--json").succeeds();

    assertThat(again.executed()).isGreaterThan(0);
    assertThat(again.json().getAsJsonArray("loaded")).hasSize(1);
  }

  @Test
  void wrongWords_areRefused() {
    runtime("docker", "");
    workspace.write(
        "BUILD",
        """
        oci_build_image(name = "i", base = "scratch")
        oci_build_image(name = "I", base = "scratch")
        files(name = "f2", sources = ["f"])
        """);

    workspace
        .athanor("load", "//:f2")
        .fails(ExitCode.BAD_INPUT)
        .says("//:f2 (files) is not an image");
    workspace
        .athanor("load", "//:i", "//:I")
        .fails(ExitCode.BAD_INPUT)
        .says("//:I and //:i would both be called localhost/i:latest");
    workspace
        .athanor("load", "//:i", "--name=a@sha256:" + "0".repeat(64))
        .fails(ExitCode.BAD_INPUT)
        .says("has a digest");
    workspace
        .athanor("load", "//:i", "--to=docker", "--archive=x.tar")
        .fails(ExitCode.BAD_INPUT)
        .says("--archive and --to exclude each other");
    workspace.athanor("load").fails(ExitCode.BAD_INPUT).says("load needs a target");
    workspace.athanor("load", "//:i", "--to=dcoker").fails(ExitCode.BAD_INPUT).says("mean docker?");
  }

  @Test
  void names_areMadeValid() {
    assertThat(ImageName.local("app/My Server").toString())
        .isEqualTo("localhost/app/my-server:latest");
    assertThat(ImageName.local("/a..b/_x_/#/c__d--e#slim").toString())
        .isEqualTo("localhost/a-b/x/c__d--e-slim:latest");
    assertThat(ImageName.local("/é").toString()).isEqualTo("localhost/image:latest");
    assertThat(ImageName.parse("a").toString()).isEqualTo("docker.io/library/a:latest");
  }
}
