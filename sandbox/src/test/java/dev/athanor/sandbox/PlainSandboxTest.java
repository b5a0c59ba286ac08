package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.exec.Exit.Cause;
import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlainSandboxTest {
  @TempDir Path dir;
  private Runs runs;

  @BeforeEach
  void open() throws Exception {
    Host host = Host.of(dir);
    runs = Runs.in(dir, new PlainSandbox(host, Launcher.create(host.arch())));
  }

  @AfterEach
  void close() {
    runs.sandbox().close();
  }

  @Test
  void run_command_worksInTheBoundFolder() throws Exception {
    Runs.Ran ran = runs.sh("pwd; env | grep -v PWD; echo out > out; exit 3");

    assertThat(ran.exit().cause()).isEqualTo(new Cause.Code(3));
    assertThat(ran.out()).contains(runs.build() + "\n");
    assertThat(ran.out()).doesNotContain("HOME");
    assertThat(Files.readString(runs.build().resolve("out"))).isEqualTo("out\n");
  }

  @Test
  void run_daemons_areKilledAtTheEnd() throws Exception {
    Runs.Ran ran = runs.sh("setsid sh -c 'sleep 0.05; setsid sleep 1000 & sleep 1000' & sleep 0.1");

    assertThat(ran.exit().success()).isTrue();
    assertThat(ran.exit().wall()).isLessThan(Duration.ofSeconds(2));
    assertThat(Runs.sleepers()).isEmpty();
  }

  @Test
  void run_tooLong_isKilledWithAllItStarted() throws Exception {
    Duration limit = Duration.ofMillis(200);

    Runs.Ran ran = runs.withTime(limit).sh("trap '' TERM; sleep 1000 & sleep 1000; sleep 1000");

    assertThat(ran.exit().cause()).isEqualTo(new Cause.TimedOut(limit));
    assertThat(Runs.sleepers()).isEmpty();
  }

  @Test
  void run_interrupted_killsTheTree() throws Exception {
    Thread thread =
        Thread.ofVirtual()
            .start(() ->
                assertThrows(
                    InterruptedException.class, () -> runs.sh("touch on; setsid sleep 1000")));
    while (!Files.exists(runs.build().resolve("on"))) {
      Thread.sleep(10);
    }

    thread.interrupt();
    thread.join();

    assertThat(Runs.sleepers()).isEmpty();
  }

  @Test
  void run_otherRoot_cannotBeHad() {
    Runs image = runs.withRoot(new Spawn.Root.Image(dir));

    assertThrows(IOException.class, () -> image.sh("true"));
  }
}
