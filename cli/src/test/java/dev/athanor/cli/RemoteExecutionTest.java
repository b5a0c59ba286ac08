package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.exec.BuildResult;
import dev.athanor.oci.layer.Peers;
import dev.athanor.remote.execution.TestExecutor;
import dev.athanor.remote.execution.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole builds on another machine, where this program runs too.
final class RemoteExecutionTest {
  @TempDir Path temp;
  private TestExecutor server;

  @BeforeEach
  void start() throws IOException {
    server = TestExecutor.start(Files.createDirectory(temp.resolve("actions")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private TestWorkspace workspace(String name) throws IOException {
    return TestWorkspace.in(Files.createDirectory(temp.resolve(name)))
        .write("app/a.txt", "a\n")
        .write("app/b.txt", "b\n")
        .write(
            "BUILD",
            """
            genrule(
                name = "shell",
                outs = ["bin/" + name for name in ["sh", "cat", "mkdir", "rm"]],
                cmd = "for out in $(OUTS); do cp /bin/busybox $$out; chmod 755 $$out; done",
            )
            files(name = "texts", sources = glob(["app/*.txt"]))
            oci_build_image(name = "base", base = "scratch", packages = [":shell"])
            oci_build_image(
                name = "image",
                base = ":base",
                packages = [":texts"],
                commands = ["mkdir /made && cat /app/*.txt > /made/all", "rm /app/a.txt"],
                env = ["GREETING=grüß dich"],
            )
            genrule(name = "seen", outs = ["seen.txt"], image = ":image", cmd = "cat /made/all > $@")
            """);
  }

  @Test
  void image_isTheSame_asOneThatWasBuiltHere() throws Exception {
    Peers.requireTools("busybox");
    TestWorkspace here = workspace("here");
    String expected = here.image("//:image").digest();

    TestWorkspace there = workspace("there");
    try (RemoteBench bench = new RemoteBench(there, server, RemoteBench.workers())) {
      BuildResult result = bench.build("//:image", "//:seen");

      assertThat(bench.notices).isEmpty();
      assertThat(result.summary().success()).isTrue();
      // What needs a sandbox of ours stays, what runs in an image that no registry has, and what is
      // done in a moment.
      List<String> stayed = List.of("run //:image", "genrule //:seen", "config //:image");
      assertThat(bench.executed).containsAtLeastElementsIn(stayed);
      assertThat(bench.sent)
          .containsAtLeast(
              "genrule //:shell",
              "add-layer //:base",
              "unpack //:base",
              "add-layer //:image",
              "repack //:image");
      assertThat(bench.sent).containsNoneIn(stayed);
      int ran = bench.sent.size();
      assertThat(bench.build("//:image", "//:seen").summary().executed()).isEqualTo(0);
      assertThat(bench.sent).hasSize(ran);
      // No worker had to ask for what nobody had named.
      assertThat(server.executes.get()).isEqualTo(ran);
    }
    assertThat(BuiltImage.in(there.root.resolve("athanor-out/image")).digest()).isEqualTo(expected);
    assertThat(there.read("athanor-out/seen.txt")).isEqualTo("a\nb\n");
  }

  @Test
  void workersWithoutThisProgram_areMadeUpForHere() throws Exception {
    TestWorkspace there =
        workspace("there")
            .write(
                "BUILD",
                "oci_build_image(name = 'image', base = 'scratch', packages = ['app/a.txt'])");
    Workers strange =
        new Workers(
            "", new TreeMap<>(), true, List.of("/bin/no-athanor-here"), Duration.ofMinutes(1));
    try (RemoteBench bench = new RemoteBench(there, server, strange)) {
      assertThat(bench.build("//:image").summary().success()).isTrue();
      assertThat(bench.notices).hasSize(1);
    }
    assertThat(BuiltImage.in(there.root.resolve("athanor-out/image")).file(0, "app/a.txt"))
        .isEqualTo("a\n");
  }

  @Test
  void perform_withoutAnAssignment_saysWhatItIsFor() throws Exception {
    TestWorkspace workspace = workspace("w");

    CliResult result = workspace.athanor("perform", "action.json");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("there is no " + workspace.root.resolve("action.json"));
    assertThat(workspace.athanor("help").succeeds().out()).doesNotContain("perform");
  }
}
