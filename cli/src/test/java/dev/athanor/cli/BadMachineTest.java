package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.oci.layer.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Places that cannot be written to, a full disk, and being killed.
final class BadMachineTest {
  /// Root may write anywhere; without this capability it is a user like any other.
  private static final String AS_A_USER =
      "[ $(id -u) != 0 ] || set -- setpriv --bounding-set=-dac_override,-dac_read_search"
          + " --inh-caps=-dac_override,-dac_read_search \"$@\"";

  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    workspace =
        TestWorkspace.in(temp)
            .write("in.txt", "in\n")
            .write(
                "BUILD",
                "genrule(name = 'a', srcs = ['in.txt'], outs = ['a.txt'], cmd = 'cp $< $@')\n");
  }

  @Test
  void fileInPlaceOfTheCache() {
    CliResult result =
        workspace
            .athanor("build", "//:a", "--cache-dir", "in.txt")
            .fails(ExitCode.BAD_INPUT)
            .says("cannot write to the cache directory " + workspace.root.resolve("in.txt"))
            .says("hint: choose another with --cache-dir or ATHANOR_CACHE_DIR");

    assertThat(result.err()).contains("Not a directory");
    assertThat(workspace.read("in.txt")).isEqualTo("in\n");
    workspace.isClean();
  }

  @Test
  void unwritableCache() throws IOException {
    Peers.requireTools("setpriv");
    Files.createDirectories(workspace.cache);

    workspace
        .process("chmod 555 " + workspace.cache + "; " + AS_A_USER, "build", "//:a")
        .fails(ExitCode.BAD_INPUT)
        .says("cannot write to the cache directory " + workspace.cache + ": permission denied")
        .says("hint: choose another");

    assertThat(TestWorkspace.files(workspace.cache)).isEmpty();
    workspace.isClean();
  }

  @Test
  void unwritableOutputFolder() throws IOException {
    Peers.requireTools("setpriv");
    Path out = Files.createDirectory(workspace.root.resolve("athanor-out"));

    workspace
        .process("chmod 555 athanor-out; " + AS_A_USER, "build", "//:a")
        .fails(ExitCode.BAD_INPUT)
        .says("cannot write to " + out, "hint: mend the permissions of " + out);

    workspace.isClean();
  }

  @Test
  void fileInPlaceOfTheOutputFolder_isNotTouched() {
    workspace.write("athanor-out", "mine");

    workspace
        .athanor("build", "//:a")
        .fails(ExitCode.BAD_INPUT)
        .says("athanor-out", "there is a file in its place");

    assertThat(workspace.read("athanor-out")).isEqualTo("mine");
  }

  @Test
  void unreadableSource() {
    Peers.requireTools("setpriv");

    workspace
        .process("chmod 000 in.txt; " + AS_A_USER, "build", "//:a")
        .fails(ExitCode.MACHINE)
        .says("in.txt: permission denied");

    workspace.isClean();
  }

  @Test
  void unwritableEventFile() {
    workspace
        .athanor("build", "//:a", "--events", "no/such/folder/events")
        .fails(ExitCode.BAD_INPUT)
        .says("cannot write events to", "no/such/folder/events");
    workspace.isClean();
  }

  /// The machine's fault, and the user's neither: the exit code tells.
  @Test
  void fullDisk_leavesNothing() throws IOException {
    Peers.requireRoot();
    Peers.requireTools("unshare");
    Files.createDirectories(workspace.cache);
    workspace.edit("BUILD", "cp $< $@", "head -c 8000000 /dev/zero > $@");
    String mount = "mount -t tmpfs -o size=4m none " + workspace.cache;
    String fill =
        "set -- unshare --mount sh -c '"
            + mount
            + " && \"$@\"; code=$?;"
            + " find "
            + workspace.cache
            + "/cas "
            + workspace.cache
            + "/tmp -type f; exit $code' sh \"$@\"";

    CliResult result = workspace.process(fill, "build", "//:a");

    assertThat(result.code())
        .isIn(List.of(ExitCode.BUILD_FAILED.number(), ExitCode.MACHINE.number()));
    result.says("No space left on device");
    assertThat(result.err()).doesNotContain("bug");
    assertThat(result.out()).doesNotContain("cache/tmp/");
    workspace.isClean();
  }

  @Test
  void interrupted_endsInGoodOrder() throws IOException, InterruptedException {
    workspace.edit("BUILD", "cp $< $@", "cp $< $@; sleep 60");
    Process process = workspace.start("build", "//:a");
    awaitCommand();

    Peers.run("kill", "-INT", String.valueOf(process.pid()));

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED.number());
    workspace.isClean();
  }

  @Test
  void killed_leavesNothingThatHarms() throws IOException, InterruptedException {
    workspace.edit("BUILD", "cp $< $@", "cp $< $@; sleep 60");
    Process process = workspace.start("build", "//:a");
    awaitCommand();

    process.destroyForcibly().waitFor();

    workspace.edit("BUILD", "; sleep 60", "");
    workspace.athanor("build", "//:a").succeeds();
    assertThat(workspace.read("athanor-out/a.txt")).isEqualTo("in\n");
  }

  /// Until the command runs in its sandbox.
  private void awaitCommand() throws InterruptedException {
    Path actions = workspace.cache.resolve("sandbox/actions");
    for (int i = 0; i < 300; i++) {
      if (TestWorkspace.files(actions).stream().anyMatch(file -> file.endsWith("a.txt"))) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("the command did not start");
  }
}
