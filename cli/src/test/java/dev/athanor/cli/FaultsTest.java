package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.oci.layer.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Processes that are killed, race each other or run out of disk, while sources change. Whatever
/// happens, the next build makes what a build from nothing makes, and the one after it runs
/// nothing.
final class FaultsTest {
  private static final int WIDTH = 6;
  private static final int LAYERS = 3;

  @TempDir Path temp;
  private TestWorkspace workspace;
  private final Random random = new Random(20);

  /// Layers of commands, each of which reads two of the layer before, and a source.
  @BeforeEach
  void create() {
    workspace = TestWorkspace.in(temp);
    StringBuilder build = new StringBuilder();
    for (int layer = 0; layer < LAYERS; layer++) {
      for (int i = 0; i < WIDTH; i++) {
        String below = layer == 0 ? "" : ", ':" + name(layer - 1, i) + "'";
        String beside = layer == 0 ? "" : ", ':" + name(layer - 1, (i + 1) % WIDTH) + "'";
        build.append(
            "genrule(name = '%s', srcs = ['%d.txt'%s%s], outs = ['%s.out'], cmd = 'cat $(SRCS) > $@')%n"
                .formatted(name(layer, i), i, below, beside, name(layer, i)));
      }
    }
    workspace.write("BUILD", build.toString());
    for (int i = 0; i < WIDTH; i++) {
      edit(i);
    }
  }

  private static String name(int layer, int i) {
    return "n" + layer + "_" + i;
  }

  private void edit(int i) {
    workspace.write(i + ".txt", random.nextInt(4) + "\n");
  }

  private void isRight() {
    workspace.athanor("build", "//...").succeeds();
    List<String> outputs = outputs();
    Path fresh = temp.resolve("fresh" + random.nextLong());
    workspace.athanor("clean").succeeds();
    workspace.athanor("build", "//...", "--cache-dir", fresh.toString()).succeeds();
    assertThat(outputs).isEqualTo(outputs());
    workspace.athanor("build", "//...").succeeds();
    assertThat(workspace.athanor("build", "//...").succeeds().ran()).isEmpty();
  }

  private List<String> outputs() {
    List<String> outputs = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      for (int i = 0; i < WIDTH; i++) {
        String file = "athanor-out/" + name(layer, i) + ".out";
        outputs.add(file + ": " + workspace.read(file));
      }
    }
    return outputs;
  }

  @Test
  void killedAtAnyMoment_theNextBuildIsRight() throws IOException, InterruptedException {
    for (int round = 0; round < 12; round++) {
      Process process = workspace.start("build", "//...");
      boolean _ = process.waitFor(200 + random.nextInt(1200), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      edit(random.nextInt(WIDTH));
      if (round % 4 == 3) {
        isRight();
      }
    }
  }

  @Test
  void racingProcesses_whileSourcesChange_leaveTheNextBuildRight()
      throws IOException, InterruptedException {
    for (int round = 0; round < 3; round++) {
      List<Process> processes =
          List.of(
              workspace.start("build", "//..."),
              workspace.start("build", "-k", "//:n2_0", "//:n2_1"),
              workspace.start("build", "//..."));
      for (Process process : processes) {
        while (!process.waitFor(20 + random.nextInt(50), TimeUnit.MILLISECONDS)) {
          edit(random.nextInt(WIDTH));
        }
        // A source may be empty at the moment it is read, but it is never missing.
        assertThat(process.exitValue()).isEqualTo(0);
      }
      isRight();
    }
  }

  /// Room is made later, and no half-written blob, journal or output is in the way.
  @Test
  void fullDisk_isGotOverOnceThereIsRoom() throws IOException {
    Peers.requireRoot();
    Peers.requireTools("unshare");
    Files.createDirectories(workspace.cache);
    workspace.write(
        "BUILD",
        workspace.read("BUILD")
            + "[genrule(name = 'big%d' % i, outs = ['big%d' % i], cmd = 'seq 1 90000 > $@; echo %d >> $@' % i)"
            + " for i in range(8)]\n");
    String inside =
        "mount -t tmpfs -o size=2m none "
            + workspace.cache
            + "; for try in 1 2 3; do \"$@\" && exit 90; done;"
            + " mount -o remount,size=64m "
            + workspace.cache
            + "; \"$@\" && \"$@\" 2>&1 | grep -q executed && exit 91; exit 0";

    CliResult result =
        workspace.process(
            "set -- unshare --mount sh -c '" + inside + "' sh \"$@\"", "build", "-k", "//...");

    result.succeeds().says("No space left on device");
    assertThat(result.err()).doesNotContain("bug in Athanor");
    assertThat(workspace.read("athanor-out/big7")).endsWith("\n7\n");
    assertThat(workspace.read("athanor-out/n2_0.out")).isNotEmpty();
  }
}
