package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.athanor.engine.UserException;
import dev.athanor.engine.exec.Exit.Cause;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds for every sandbox that says it is hermetic.
final class HermeticSandboxTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "bwrap", "unshare"})
  void run_command_seesItsFolderAndLeavesFiles(String name) throws Exception {
    Runs runs = open(name);
    Files.writeString(runs.build().resolve("in"), "hello");

    Runs.Ran ran = runs.sh("pwd; cat in; echo out > out; echo oops >&2; exit 3");

    assertThat(ran.err()).isEqualTo("oops\n");
    assertThat(ran.out()).isEqualTo("/build\nhello");
    assertThat(ran.exit().cause()).isEqualTo(new Cause.Code(3));
    assertThat(Files.readString(runs.build().resolve("out"))).isEqualTo("out\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "bwrap", "unshare"})
  void run_tooLong_isTimedOut(String name) throws Exception {
    Duration limit = Duration.ofMillis(500);

    Runs.Ran ran = open(name).withTime(limit).sh("echo started; sleep 1000");

    assertThat(ran.exit().cause()).isEqualTo(new Cause.TimedOut(limit));
    assertThat(ran.out()).isEqualTo("started\n");
    assertThat(Runs.sleepers()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "bwrap", "unshare"})
  void run_missingBindSource_isTheMachinesFailure(String name) throws Exception {
    Runs runs = open(name).withBind(dir.resolve("none"), "/x", false);

    IOException e = assertThrows(IOException.class, () -> runs.sh("true"));

    assertThat(e).hasMessageThat().contains("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "bwrap", "unshare"})
  void run_image_isItsWorld(String name) throws Exception {
    Path image = Images.busybox(dir.resolve("image"));

    Runs.Ran ran = open(name).withRoot(new Spawn.Root.Image(image)).sh("ls -d /*; touch /new");

    assertThat(ran.err()).contains("Read-only file system");
    assertThat(ran.out()).isEqualTo("/bin\n/build\n/dev\n/proc\n/sys\n/tmp\n/who\n");
    assertThat(Files.exists(image.resolve("build"))).isFalse();
  }

  private Runs open(String name) throws IOException, InterruptedException {
    return Runs.in(dir, sandbox(name, dir.resolve("state")));
  }

  /// The sandbox, or a skipped test where it does not work. `ATHANOR_REQUIRE_PEERS` in the
  /// environment makes that a failure.
  static Sandbox sandbox(String name, Path state) throws IOException, InterruptedException {
    try {
      return Sandboxes.choose(name, state).sandbox();
    } catch (UserException e) {
      if (System.getenv("ATHANOR_REQUIRE_PEERS") != null) {
        return fail(e);
      }
      return abort(String.valueOf(e.getMessage()));
    }
  }
}
