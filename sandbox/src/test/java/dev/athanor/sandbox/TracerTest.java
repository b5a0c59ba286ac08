package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.athanor.engine.exec.Circumstances;
import dev.athanor.engine.exec.Exit.Cause;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Commands that are traced end as any others do, however they end, and may no more than others.
@Timeout(120)
final class TracerTest {
  private static final Factor[] TRACED = Factor.FOLLOWED.toArray(new Factor[0]);

  @TempDir Path dir;
  private Runs runs;

  @BeforeEach
  void open() throws Exception {
    Host host = Host.of(Files.createDirectory(dir.resolve("stage")));
    runs =
        Runs.in(dir, NamespaceSandbox.create(host, Launcher.create(host.arch()))).varying(TRACED);
    assumeTrue(runs.sandbox().varies().containsAll(Factor.FOLLOWED), "no tracing here");
  }

  @AfterEach
  void close() {
    runs.sandbox().close();
    assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList())
        .doesNotContain("sandbox-tracer");
  }

  @Test
  void exits_areTheCommandsOwn() throws Exception {
    assertThat(runs.sh("exit 3").exit().cause()).isEqualTo(new Cause.Code(3));
    assertThat(runs.sh("kill -SEGV $$").exit().cause()).isEqualTo(new Cause.Signal(11));
    assertThat(runs.sh("kill -KILL $$").exit().cause()).isEqualTo(new Cause.Signal(9));
    assertThat(runs.run("no-such-program").exit().cause()).isEqualTo(new Cause.Code(127));
    assertThat(runs.run("/etc/passwd").exit().cause()).isEqualTo(new Cause.Code(126));
  }

  @Test
  void signals_arriveOnce() throws Exception {
    Runs.Ran ran =
        runs.sh("trap 'echo got' USR1; trap 'echo trapped' TRAP; kill -USR1 $$; kill -TRAP $$");

    assertThat(ran.out()).isEqualTo("got\ntrapped\n");
  }

  /// A stopped process stays so until it is told to go on.
  @Test
  void stopping_andGoingOn_works() throws Exception {
    Runs.Ran ran =
        runs.sh(
            """
            (sleep 0.1; echo went on) & pid=$!
            kill -STOP $pid
            sleep 0.3
            echo waited
            cut -d' ' -f3 /proc/$pid/stat
            kill -CONT $pid
            wait $pid; echo $?
            """);

    assertThat(ran.out()).isAnyOf("waited\nT\nwent on\n0\n", "waited\nt\nwent on\n0\n");
  }

  @Test
  void longPipelines_comeThrough() throws Exception {
    String pipeline = "echo x" + " | cat".repeat(200);

    assertThat(runs.sh(pipeline).out()).isEqualTo("x\n");
  }

  @Test
  void parallelProcesses_areHeld() throws Exception {
    String script =
        "for i in 1 2 3 4 5 6 7 8; do (date +%N; mktemp -u; uname -r) > $i & done; wait; cat ?";

    Runs.Ran once = runs.sh(script);

    assertThat(once.out().lines().distinct().count()).isGreaterThan(8L);
    assertThat(runs.sh(script).out()).isEqualTo(once.out());
  }

  @Test
  void tooLong_isTimedOutAndGone() throws Exception {
    Runs.Ran ran = runs.withTime(Duration.ofMillis(300)).sh("echo started; sleep 1000 | cat");

    assertThat(ran.exit().cause()).isEqualTo(new Cause.TimedOut(Duration.ofMillis(300)));
    assertThat(ran.out()).isEqualTo("started\n");
    assertThat(Runs.sleepers()).isEmpty();
  }

  @Test
  void ignoringTermination_isKilled() throws Exception {
    Runs.Ran ran = runs.withTime(Duration.ofMillis(300)).sh("trap '' TERM; sleep 1000; sleep 1000");

    assertThat(ran.exit().cause()).isEqualTo(new Cause.TimedOut(Duration.ofMillis(300)));
    assertThat(Runs.sleepers()).isEmpty();
  }

  /// Stopped by a call as often as not.
  @Test
  void interrupted_killsTheTree() throws Exception {
    runs.interrupt();

    Files.delete(runs.alive());
    Thread.sleep(50);
    assertThat(Files.exists(runs.alive())).isFalse();
  }

  @Test
  void daemons_areGone() throws Exception {
    long start = System.nanoTime();

    Runs.Ran ran = runs.sh("(trap '' TERM HUP; setsid sleep 1000 &) ; setsid sleep 1000 & echo on");

    assertThat(ran.out()).isEqualTo("on\n");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    assertThat(Runs.sleepers()).isEmpty();
  }

  @Test
  void forkBomb_isEndedByItsTime() throws Exception {
    Spawn.Limits limits =
        new Spawn.Limits(Optional.of(Duration.ofSeconds(2)), Optional.empty(), Optional.of(200));

    Runs.Ran ran = runs.withLimits(limits).sh("f() { f | f & }; f; sleep 1000");

    assertThat(ran.exit().success()).isFalse();
    assertThat(Runs.sleepers()).isEmpty();
  }

  @Test
  void tracersInside_failAndNothingElse() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/strace")), "no strace");

    Runs.Ran ran = runs.sh("strace -f -o log true; echo $?; date +%Y");

    assertThat(ran.out()).isEqualTo("1\n2037\n");
  }

  /// Where a thread that is not the first becomes another program, it takes the first one's number.
  @Test
  void threads_startProgramsAndBecomeThem() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/python3")), "no python");
    String program =
        """
        import os, subprocess, threading, time
        def start(n):
          assert subprocess.run(['date', '+%Y'], capture_output=True).stdout == b'2037\\n'
        threads = [threading.Thread(target=start, args=(n,)) for n in range(20)]
        for t in threads: t.start()
        for t in threads: t.join()
        threading.Thread(target=lambda: os.execv('/bin/sh', ['sh', '-c', 'date +%Y; date +%Y'])).start()
        time.sleep(60)
        """;

    Runs.Ran ran = runs.run("/usr/bin/python3", "-c", program);

    assertWithMessage(ran.err()).that(ran.out()).isEqualTo("2037\n2037\n");
    assertThat(ran.exit().success()).isTrue();
  }

  @Test
  void java_isHeld() throws Exception {
    Path home = Path.of(System.getProperty("java.home"));
    Files.writeString(
        runs.build().resolve("Look.java"),
        """
        class Look {
          public static void main(String[] args) throws Exception {
            System.out.println(java.time.Instant.now().toString().substring(0, 16));
            System.out.println(System.getProperty("os.version"));
            System.out.println(new java.io.File("Look.java").lastModified() / 1000);
            Thread t = new Thread(() -> System.out.println("thread"));
            t.start();
            t.join(1000);
          }
        }
        """);
    Runs withJava =
        runs.withBind(home.toRealPath(), "/jdk", false)
            .withLimits(
                new Spawn.Limits(
                    Optional.of(Duration.ofSeconds(60)), Optional.empty(), Optional.empty()));

    Runs.Ran ran = withJava.sh("/jdk/bin/java -Xshare:auto -XX:+UseSerialGC Look.java");

    String time = Circumstances.TIME.toString();
    assertWithMessage(ran.err())
        .that(ran.out())
        .isEqualTo(
            String.join(
                "\n",
                time.substring(0, 16),
                Circumstances.KERNEL_RELEASE,
                Long.toString(Circumstances.TIME.getEpochSecond()),
                "thread\n"));
  }

  @Test
  void badAddresses_areToldSo() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/python3")), "no python");
    String program =
        """
        import ctypes, os
        c = ctypes.CDLL(None, use_errno=True)
        for number, arguments in [(228, (0, 8)), (318, (8, 4, 0)), (96, (8, 0)), (63, (8,))]:
          print(c.syscall(number, *map(ctypes.c_long, arguments)), ctypes.get_errno())
        """;
    assumeTrue(Arch.host().equals(Optional.of(Arch.X86_64)), "numbers of x86-64");

    Runs.Ran ran = runs.run("/usr/bin/python3", "-c", program);

    assertWithMessage(ran.err()).that(ran.out()).isEqualTo("-1 14\n".repeat(4));
  }

  @Test
  void manyAtOnce_allEnd() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Runs.Ran>> all = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        all.add(threads.submit(() -> runs.sh("date +%N; mktemp -u; ls -f /usr | head -3 | cat")));
      }
      String first = all.getFirst().get().out();
      assertThat(first.lines().count()).isEqualTo(5);
      for (Future<Runs.Ran> ran : all) {
        assertThat(ran.get().out()).isEqualTo(first);
      }
    }
  }

  /// The filter of every command decides before the one that stops a command for its tracer.
  @ParameterizedTest
  @CsvSource({
    "unshare, unshare --user true",
    "mount, mount -t tmpfs none /tmp",
    "host name, hostname else",
    "memory of process 1, cat /proc/1/mem",
    "root of process 1, ls /proc/1/root/",
    "other user, setpriv --reuid=0 true"
  })
  void mayNoMoreThanOthers(String what, String command) throws Exception {
    Runs.Ran ran = runs.sh(command + " && echo could");

    assertWithMessage(what).that(ran.out()).isEmpty();
    assertWithMessage(what).that(ran.err()).isNotEmpty();
  }

  @Test
  void privileges_areNone() throws Exception {
    Runs.Ran ran = runs.sh("grep -e NoNewPrivs -e Seccomp: -e CapEff -e CapBnd /proc/self/status");

    assertThat(ran.out()).contains("CapEff:\t0000000000000000\n");
    assertThat(ran.out()).contains("CapBnd:\t0000000000000000\n");
    assertThat(ran.out()).contains("NoNewPrivs:\t1\n");
    assertThat(ran.out()).contains("Seccomp:\t2\n");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "33, 44"})
  void usersOfAnOverlay_areTracedToo(int uid, int gid) throws Exception {
    Path lower = Images.busybox(dir.resolve("lower"));
    Path upper = Files.createDirectory(dir.resolve("upper"));
    Path work = Files.createDirectory(dir.resolve("work"));
    Files.setPosixFilePermissions(upper, PosixFilePermissions.fromString("rwxr-xr-x"));

    Runs.Ran ran =
        runs.withRoot(new Spawn.Root.Overlay(List.of(lower), upper, work))
            .withUser(uid, gid)
            .varying(TRACED)
            .sh("id; busybox date +%Y");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).startsWith("uid=" + uid + " gid=" + gid);
    assertThat(ran.out()).endsWith("\n2037\n");
  }

  @Test
  void setUpThatFails_isTheMachinesFailure() {
    assertThat(
            assertThrows(
                IOException.class,
                () -> runs.withBind(dir.resolve("none"), "/x", false).sh("true")))
        .hasMessageThat()
        .contains("none");
  }

  @Test
  void aServer_isOfUseBothWays_afterEachOther() throws Exception {
    Runs usual = runs.varying();
    for (int i = 0; i < 3; i++) {
      assertThat(runs.sh("date +%Y; ls /proc/1/root/").out()).isEqualTo("2037\n");
      assertThat(usual.sh("date +%Y; ls /proc/1/root/").out()).isNotEqualTo("2037\n");
    }
  }
}
