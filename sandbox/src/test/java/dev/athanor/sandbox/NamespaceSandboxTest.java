package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.exec.Exit.Cause;
import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NamespaceSandboxTest {
  @TempDir Path dir;
  private Runs runs;

  @BeforeEach
  void open() throws Exception {
    Host host = Host.of(Files.createDirectory(dir.resolve("stage")));
    runs = Runs.in(dir, new NamespaceSandbox(host, Launcher.create(host.arch())));
  }

  @Test
  void run_command_seesItsFolderAndLeavesFiles() throws Exception {
    Files.writeString(runs.build().resolve("in"), "hello");

    Runs.Ran ran = runs.sh("pwd; cat in; echo out > out; echo oops >&2; exit 3");

    assertThat(ran.exit().cause()).isEqualTo(new Cause.Code(3));
    assertThat(ran.out()).isEqualTo("/build\nhello");
    assertThat(ran.err()).isEqualTo("oops\n");
    assertThat(Files.readString(runs.build().resolve("out"))).isEqualTo("out\n");
  }

  @Test
  void run_unknownProgram_is127AndSaysSo() throws Exception {
    Runs.Ran ran = runs.run("no-such-program");

    assertThat(ran.exit().cause()).isEqualTo(new Cause.Code(127));
    assertThat(ran.err()).contains("no-such-program: no such file");
  }

  @Test
  void run_signalledCommand_isThatSignal() throws Exception {
    assertThat(runs.sh("kill -SEGV $$").exit().cause()).isEqualTo(new Cause.Signal(11));
  }

  @Test
  void run_imageRoot_isItsWorld() throws Exception {
    Path image = image("image");

    Runs.Ran ran = runs.withRoot(new Spawn.Root.Image(image)).sh("ls -d /*; touch /new");

    assertThat(ran.out()).contains("/bin\n/build\n/dev\n/proc\n/sys\n/tmp\n/who");
    assertThat(ran.out()).doesNotContain("/usr");
    assertThat(ran.err()).contains("Read-only file system");
    assertThat(Files.exists(image.resolve("build"))).isFalse();
  }

  @Test
  void run_overlayRoot_keepsChangesInUpper() throws Exception {
    Path lower = image("lower");
    Path more = Files.createDirectory(dir.resolve("more"));
    Files.writeString(more.resolve("who"), "more");
    Path upper = Files.createDirectory(dir.resolve("upper"));
    Path work = Files.createDirectory(dir.resolve("work"));

    Runs.Ran ran =
        runs.withRoot(new Spawn.Root.Overlay(List.of(more, lower), upper, work))
            .withUser(0, 0)
            .sh("cat /who; echo new > /new; rm /who; ls /build /new");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).isEqualTo("more/new\n\n/build:\n");
    assertThat(Files.readString(upper.resolve("new"))).isEqualTo("new\n");
    assertThat(Files.exists(upper.resolve("build"))).isFalse();
    assertThat(Files.readString(lower.resolve("who"))).isEqualTo("lower");
  }

  @Test
  void run_tooLong_isTimedOutAndGone() throws Exception {
    Runs.Ran ran = runs.withTime(Duration.ofMillis(300)).sh("echo started; sleep 1000");

    assertThat(ran.exit().cause()).isEqualTo(new Cause.TimedOut(Duration.ofMillis(300)));
    assertThat(ran.exit().wall()).isLessThan(Duration.ofSeconds(2));
    assertThat(ran.out()).isEqualTo("started\n");
  }

  @Test
  void run_ignoringTermination_isKilled() throws Exception {
    Runs.Ran ran = runs.withTime(Duration.ofMillis(300)).sh("trap '' TERM; sleep 1000; sleep 1000");

    assertThat(ran.exit().cause()).isEqualTo(new Cause.TimedOut(Duration.ofMillis(300)));
    assertThat(ran.exit().wall()).isGreaterThan(Duration.ofSeconds(2));
  }

  @Test
  void run_interrupted_killsTheTree() throws Exception {
    Path alive = runs.build().resolve("alive");
    Thread thread =
        Thread.ofVirtual()
            .start(() ->
                assertThrows(
                    InterruptedException.class,
                    () -> runs.sh("setsid sh -c 'while :; do date > alive; done' & sleep 1000")));
    while (!Files.exists(alive)) {
      Thread.sleep(10);
    }

    thread.interrupt();
    thread.join();

    Files.delete(alive);
    Thread.sleep(50);
    assertThat(Files.exists(alive)).isFalse();
  }

  @Test
  void run_missingBindSource_isTheMachinesFailure() {
    IOException e =
        assertThrows(
            IOException.class, () -> runs.withBind(dir.resolve("none"), "/x", false).sh("true"));

    assertThat(e).hasMessageThat().contains("none");
    assertThat(e).hasMessageThat().contains("ENOENT");
  }

  @Test
  void run_limits_ofTimeDoNotMatterToTheQuick() throws Exception {
    Spawn.Limits limits =
        new Spawn.Limits(Optional.of(Duration.ofMinutes(1)), Optional.empty(), Optional.empty());

    assertThat(runs.withLimits(limits).sh("true").exit().success()).isTrue();
  }

  /// A root filesystem with a static shell and a few tools.
  private Path image(String name) throws IOException {
    Path image = dir.resolve(name);
    Path bin = Files.createDirectories(image.resolve("bin"));
    Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
    Files.setPosixFilePermissions(
        bin.resolve("busybox"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String tool : List.of("sh", "ls", "cat", "rm", "touch")) {
      Files.createSymbolicLink(bin.resolve(tool), Path.of("busybox"));
    }
    Files.writeString(image.resolve("who"), name);
    return image;
  }
}
