package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.athanor.engine.exec.Exit.Cause;
import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NamespaceSandboxTest {
  @TempDir Path dir;
  private Runs runs;

  @BeforeEach
  void open() throws Exception {
    Host host = Host.of(Files.createDirectory(dir.resolve("stage")));
    runs = Runs.in(dir, NamespaceSandbox.create(host, Launcher.create(host.arch())));
  }

  @AfterEach
  void close() {
    runs.sandbox().close();
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
    Path image = Images.busybox(dir.resolve("image"));

    Runs.Ran ran = runs.withRoot(new Spawn.Root.Image(image)).sh("ls -d /*; touch /new");

    assertThat(ran.out()).contains("/bin\n/build\n/dev\n/proc\n/sys\n/tmp\n/who");
    assertThat(ran.out()).doesNotContain("/usr");
    assertThat(ran.err()).contains("Read-only file system");
    assertThat(Files.exists(image.resolve("build"))).isFalse();
  }

  @Test
  void run_overlayRoot_keepsChangesInUpper() throws Exception {
    Path lower = Images.busybox(dir.resolve("lower"));
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
  void run_userZeroOfAnOverlay_ownsAndGives() throws Exception {
    assumeTrue(Host.of(dir).privileged(), "only root can give files away");
    Path lower = Images.busybox(dir.resolve("lower"));
    Path upper = Files.createDirectory(dir.resolve("upper"));
    Path work = Files.createDirectory(dir.resolve("work"));

    Runs.Ran ran =
        runs.withRoot(new Spawn.Root.Overlay(List.of(lower), upper, work))
            .withUser(0, 0, 5, 6)
            .sh(
                "id; touch /mine /given; chown 33:44 /given; ls -ln /given /mine; mknod /d c 1 5; cat /d");

    assertThat(ran.out()).startsWith("uid=0 gid=0 groups=5,6\n");
    assertThat(ran.out()).containsMatch("1 33 +44 .* /given");
    assertThat(ran.out()).containsMatch("1 0 +0 .* /mine");
    assertThat(ran.err())
        .containsMatch("/d'?: (Permission denied|No such file|Operation not permitted)");
  }

  @Test
  void run_otherUserOfAnOverlay_isThatUserWithoutPrivileges() throws Exception {
    Path lower = Images.busybox(dir.resolve("lower"));
    Path upper = Files.createDirectory(dir.resolve("upper"));
    Path work = Files.createDirectory(dir.resolve("work"));
    Files.setPosixFilePermissions(upper, PosixFilePermissions.fromString("rwxr-xr-x"));

    Runs.Ran ran =
        runs.withRoot(new Spawn.Root.Overlay(List.of(lower), upper, work))
            .withUser(33, 44)
            .sh("id; cat /proc/self/status; chown 0 /who && echo chowned");

    assertThat(ran.out()).startsWith("uid=33 gid=44");
    assertThat(ran.out()).contains("CapEff:\t0000000000000000");
    assertThat(ran.out()).doesNotContain("chowned");
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
    runs.interrupt();

    Files.delete(runs.alive());
    Thread.sleep(50);
    assertThat(Files.exists(runs.alive())).isFalse();
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
}
