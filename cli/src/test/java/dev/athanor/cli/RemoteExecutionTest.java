package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.oci.layer.Peers;
import dev.athanor.remote.execution.TestExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  /// Workers that have this host's tools, and start this program.
  private CliResult remotely(TestWorkspace there, String... words) {
    return with(String.join(" ", TestWorkspace.java()), there, words);
  }

  /// @param runner how workers start this program
  private CliResult with(String runner, TestWorkspace there, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(
        List.of(
            "--json",
            "--remote-executor",
            "grpc://" + server.address(),
            "--remote-host-tools",
            "--remote-platform",
            "Pool=large",
            "--remote-runner",
            runner));
    return there.athanor(all.toArray(String[]::new)).succeeds();
  }

  @Test
  void image_isTheSame_asOneThatWasBuiltHere() throws Exception {
    Peers.requireTools("busybox");
    TestWorkspace here = workspace("here");
    String expected = here.image("//:image").digest();

    TestWorkspace there = workspace("there");
    CliResult first = remotely(there, "build", "//:image", "//:seen");
    int sent = server.executes.get();
    CliResult second = remotely(there, "build", "//:image", "//:seen");

    assertThat(first.digest("//:image")).isEqualTo(expected);
    assertThat(there.read("athanor-out/seen.txt")).isEqualTo("a\nb\n");
    assertThat(BuiltImage.in(there.root.resolve("athanor-out/image")).digest()).isEqualTo(expected);
    // The genrule and all that works on layers and root filesystems. What needs a sandbox of ours
    // stays, as does what runs in an image that no registry has, and what is done in a moment. No
    // worker had to ask for what nobody had named, or something would be sent twice.
    long performed =
        server.commands.stream().filter(c -> c.getArgumentsList().contains("perform")).count();
    assertThat(performed).isEqualTo(layerWork(first));
    assertThat(sent).isEqualTo(performed + 1);
    assertThat(first.executed()).isGreaterThan(sent);
    assertThat(first.err()).doesNotContain("warning");
    assertThat(server.commands.getFirst().getPlatform().toString()).contains("Pool");
    assertThat(second.executed()).isEqualTo(0);
    assertThat(server.executes.get()).isEqualTo(sent);
  }

  private static long layerWork(CliResult built) {
    return built.ran().stream()
        .filter(action -> action.matches("(add-layer|unpack|repack) .*"))
        .count();
  }

  /// The executor's own cache is as good as another: a second machine has nearly nothing to do.
  @Test
  void whatWasMadeThere_othersFindThere() throws Exception {
    Peers.requireTools("busybox");
    var _ = remotely(workspace("one"), "build", "//:image", "--remote-upload");

    CliResult two = remotely(workspace("two"), "build", "//:image");

    // Nobody checks the tools that workers are said to have.
    assertThat(two.ran()).containsExactly("genrule //:shell");
  }

  @Test
  void workersWithoutThisProgram_areMadeUpForHere() throws Exception {
    TestWorkspace there =
        workspace("there")
            .write(
                "BUILD",
                "oci_build_image(name = 'image', base = 'scratch', packages = ['app/a.txt'])");

    CliResult built = with("/bin/no-athanor-here", there, "build", "//:image");

    built.says("warning: add-layer //:image could not run remotely and runs here");
    assertThat(BuiltImage.in(there.root.resolve("athanor-out/image")).file(0, "app/a.txt"))
        .isEqualTo("a\n");
  }

  @Test
  void local_sendsNothing() throws Exception {
    TestWorkspace there = workspace("there");

    remotely(there, "build", "//:base", "--strategy", "local");

    assertThat(server.executes.get()).isEqualTo(0);
  }

  @Test
  void flagsThatMakeNoSense_areToldOf() throws Exception {
    TestWorkspace there = workspace("there");

    there
        .athanor("build", "//:base", "--remote-executor", "http://a")
        .fails(ExitCode.BAD_INPUT)
        .says("actions cannot be sent by way of http://a", "grpc:// or grpcs://");
    there
        .athanor("build", "//:base", "--strategy", "fast")
        .fails(ExitCode.BAD_INPUT)
        .says("--strategy is remote, race or local, not fast");
    there
        .athanor("build", "//:base", "--remote-jobs", "0")
        .fails(ExitCode.BAD_INPUT)
        .says("--remote-jobs wants a number above zero");
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
