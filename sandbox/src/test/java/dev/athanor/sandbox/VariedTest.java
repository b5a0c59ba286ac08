package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.athanor.engine.exec.Circumstances;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a command sees of each factor, in our own sandbox.
final class VariedTest {
  private static final Factor[] TRACED = Factor.FOLLOWED.toArray(new Factor[0]);

  /// Other ones in every run anyway.
  private static final Set<Factor> IN_FLUX =
      EnumSet.of(Factor.TIME, Factor.RANDOMNESS, Factor.ADDRESSES, Factor.PROCESS_IDS);

  @TempDir Path dir;
  private Runs runs;

  @BeforeEach
  void open() throws Exception {
    Host host = Host.of(Files.createDirectory(dir.resolve("stage")));
    runs = Runs.in(dir, NamespaceSandbox.create(host, Launcher.create(host.arch())));
    Files.writeString(runs.build().resolve("input"), "in");
    Files.setLastModifiedTime(runs.build().resolve("input"), Layout.TIME);
  }

  @AfterEach
  void close() {
    runs.sandbox().close();
  }

  /// A script that prints what a command meets, to the nearest that it would put into an output.
  private static String look(Factor factor) {
    return switch (factor) {
      case TIME -> "date +%s.%N; rm -f new; touch new; stat -c '%X %Y %Z' new; date +%N";
      case TIME_ZONE -> "echo $TZ";
      case LOCALE -> "echo $LANG";
      case HOST_NAME -> "uname -n";
      case USER -> "id -u; id -g; id -un; id -gn";
      case HOME -> "echo $HOME";
      case UMASK -> "rm -f new; touch new; stat -c %a new";
      case PATH -> "pwd";
      case ENVIRONMENT_ORDER, EXTRA_VARIABLE -> "tr '\\0' '\\n' < /proc/self/environ";
      case DIRECTORY_ORDER -> "rm -rf d; mkdir d; cd d; touch a b c d e f g; ls -fa";
      case INPUT_TIMES -> "stat -c %y input";
      case PROCESSORS -> "nproc";
      case ADDRESSES -> "grep -e stack -e libc /proc/self/maps";
      case RANDOMNESS ->
          "mktemp -u; head -c 99 /dev/urandom | od -x; head -c 9 /dev/random | od -x";
      case KERNEL -> "uname -r -v";
      case PROCESS_IDS -> "echo $$";
      case THREADS -> throw new AssertionError("for actions without a process");
    };
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"THREADS", "PATH"})
  void factor_isOtherwiseAndHeld(Factor factor) throws Exception {
    assumeTrue(runs.sandbox().varies().contains(factor), "not on this host");
    Runs other = runs.varying(factor);

    Runs.Ran usual = runs.sh(look(factor));
    Runs.Ran once = other.sh(look(factor));
    Runs.Ran again = other.sh(look(factor));

    assertThat(once.err()).isEmpty();
    assertThat(once.exit().success()).isTrue();
    assertThat(once.out()).isNotEmpty();
    assertThat(once.out()).isNotEqualTo(usual.out());
    assertThat(again.out()).isEqualTo(once.out());
  }

  /// And no other: what is asked for beyond that stays as it is.
  @ParameterizedTest
  @ValueSource(strings = {"bwrap", "unshare", "plain"})
  void otherSandboxes_varyWhatTheySay(String name) throws Exception {
    try (Sandbox sandbox = HermeticSandboxTest.sandbox(name, dir.resolve("state"))) {
      Runs other = Runs.in(dir, sandbox);
      Set<Factor> looked = EnumSet.complementOf(EnumSet.of(Factor.THREADS, Factor.PATH));
      for (Factor factor : looked) {
        String usual = other.sh(look(factor)).out();
        String once = other.varying(factor).sh(look(factor)).out();
        String again = other.varying(factor).sh(look(factor)).out();
        if (sandbox.varies().contains(factor)) {
          assertWithMessage(factor.id()).that(once).isNotEqualTo(usual);
          assertWithMessage(factor.id()).that(again).isEqualTo(once);
        } else if (!IN_FLUX.contains(factor)) {
          assertWithMessage(factor.id()).that(once).isEqualTo(usual);
        }
      }
    }
  }

  @Test
  void varies_allButThreads_whereTracingIsPossible() {
    assertThat(runs.sandbox().varies())
        .containsExactlyElementsIn(
            EnumSet.complementOf(
                Processors.several()
                    ? EnumSet.of(Factor.THREADS)
                    : EnumSet.of(Factor.THREADS, Factor.PROCESSORS)));
  }

  @Test
  void time_isThatOfCircumstances() throws Exception {
    Runs.Ran ran = runs.varying(Factor.TIME).sh("date -u +%FT%TZ; touch f; date -u -r f +%FT%TZ");

    String time = Circumstances.TIME.toString();
    assertThat(ran.out()).isEqualTo(time + "\n" + time + "\n");
  }

  /// Of times that were there before, those stay that a file was given on purpose.
  @Test
  void time_ofOtherFiles_stays() throws Exception {
    String look = "stat -c %Y input /usr/bin; touch -d @1234567890 g; stat -c %Y g";

    assertThat(runs.varying(Factor.TIME).sh(look).out()).isEqualTo(runs.sh(look).out());
  }

  @Test
  void time_passesWhileSleeping_inWhoeverWaits() throws Exception {
    Runs.Ran ran =
        runs.varying(Factor.TIME)
            .sh("a=$(date +%s); sleep 0.9; sleep 0.2; b=$(date +%s); echo $((b - a))");

    assertThat(ran.out()).isEqualTo("1\n");
  }

  @Test
  void inputTimes_areThoseOfCircumstances() throws Exception {
    Runs.Ran ran = runs.varying(Factor.INPUT_TIMES).sh("stat -c %Y input");

    assertThat(ran.out()).isEqualTo(Circumstances.INPUT_TIME.getEpochSecond() + "\n");
  }

  @Test
  void static_programs_areDeceivedToo() throws Exception {
    Path image = Images.busybox(dir.resolve("image"));
    Runs inImage = runs.withRoot(new Spawn.Root.Image(image)).varying(TRACED);

    Runs.Ran ran = inImage.run("/bin/busybox", "sh", "-c", "busybox date +%s; busybox uname -r");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .isEqualTo(
            Circumstances.TIME.getEpochSecond() + "\n" + Circumstances.KERNEL_RELEASE + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import os, random, uuid; print(os.urandom(9), random.random(), uuid.uuid4(), hash('a'))",
        "import time, datetime; print(time.time(), time.time_ns(), datetime.datetime.now())",
        "import os; print(os.stat('.'), os.listdir('/usr/lib'), os.uname())",
        """
        import threading, time
        seen = []
        def work(n):
          time.sleep(0.01 * n)
          seen.append((n, time.time()))
        threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
        for t in threads: t.start(); t.join()
        print(seen)
        """
      })
  void python_isDeceived(String program) throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/python3")), "no python");
    Runs other = runs.varying(TRACED);

    Runs.Ran usual = runs.run("/usr/bin/python3", "-c", program);
    Runs.Ran once = other.run("/usr/bin/python3", "-c", program);
    Runs.Ran again = other.run("/usr/bin/python3", "-c", program);

    assertWithMessage(once.err()).that(once.exit().success()).isTrue();
    assertThat(once.out()).isNotEqualTo(usual.out());
    assertThat(again.out()).isEqualTo(once.out());
  }

  /// A deadline by the other clock is not one that the kernel reaches in eleven years.
  @Test
  void deadlines_areReached() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/gcc")), "no C compiler");
    Files.writeString(
        runs.build().resolve("wait.c"),
        """
        #include <pthread.h>
        #include <stdio.h>
        #include <time.h>
        int main(void) {
          pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
          pthread_cond_t c = PTHREAD_COND_INITIALIZER;
          struct timespec t, u;
          pthread_mutex_lock(&m);
          clock_gettime(CLOCK_REALTIME, &t);
          t.tv_sec += 1;
          int r = pthread_cond_timedwait(&c, &m, &t);
          clock_gettime(CLOCK_REALTIME, &u);
          printf("%d %ld\\n", r, u.tv_sec - t.tv_sec);
          t = u;
          t.tv_sec += 1;
          r = clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &t, 0);
          clock_gettime(CLOCK_REALTIME, &u);
          printf("%d %ld\\n", r, u.tv_sec - t.tv_sec);
        }
        """);

    Runs.Ran ran = runs.varying(Factor.TIME).sh("gcc -o wait wait.c && timeout 20 ./wait");

    assertWithMessage(ran.err()).that(ran.out()).isEqualTo("110 0\n0 0\n");
  }

  @Test
  void timers_areReached() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/gcc")), "no C compiler");
    Files.writeString(
        runs.build().resolve("timers.c"),
        """
        #define _GNU_SOURCE
        #include <pthread.h>
        #include <signal.h>
        #include <stdint.h>
        #include <stdio.h>
        #include <sys/timerfd.h>
        #include <time.h>
        #include <unistd.h>
        static pthread_mutex_t m;
        static struct timespec soon(void) {
          struct timespec t;
          clock_gettime(CLOCK_REALTIME, &t);
          t.tv_sec += 1;
          return t;
        }
        static void *lock(void *none) {
          struct timespec t = soon();
          printf("%d\\n", pthread_mutex_timedlock(&m, &t));
          return none;
        }
        int main(void) {
          struct itimerspec i = {.it_value = soon()};
          time_t given = i.it_value.tv_sec;
          uint64_t times = 0;
          int fd = timerfd_create(CLOCK_REALTIME, 0);
          timerfd_settime(fd, TFD_TIMER_ABSTIME, &i, 0);
          read(fd, &times, 8);
          printf("%d %d\\n", (int) times, i.it_value.tv_sec == given);

          sigset_t set;
          int signal;
          sigemptyset(&set);
          sigaddset(&set, SIGALRM);
          sigprocmask(SIG_BLOCK, &set, 0);
          timer_t timer;
          timer_create(CLOCK_REALTIME, 0, &timer);
          i.it_value = soon();
          timer_settime(timer, TIMER_ABSTIME, &i, 0);
          sigwait(&set, &signal);
          printf("%d\\n", signal);

          pthread_mutexattr_t a;
          pthread_mutexattr_init(&a);
          pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_INHERIT);
          pthread_mutex_init(&m, &a);
          pthread_mutex_lock(&m);
          pthread_t t;
          pthread_create(&t, 0, lock, 0);
          pthread_join(t, 0);
        }
        """);

    Runs.Ran ran = runs.varying(Factor.TIME).sh("gcc -o timers timers.c && timeout 20 ./timers");

    assertWithMessage(ran.err()).that(ran.out()).isEqualTo("1 1\n14\n110\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select.select([], [], [], 0.05)",
        "select.poll().poll(50)",
        "epoll.poll(0.05)",
        "signal.sigtimedwait([signal.SIGUSR1], 0.05)"
      })
  void time_passesWhileWaitingInVain(String waiting) throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/python3")), "no python");
    String program =
        """
        import select, signal, time
        epoll = select.epoll()
        n, end = 0, time.time() + 1
        while time.time() < end and n < 200:
          %s
          n += 1
        print(n)
        """
            .formatted(waiting);

    Runs.Ran ran = runs.varying(Factor.TIME).run("/usr/bin/python3", "-c", program);

    assertWithMessage(ran.err()).that(ran.out()).isEqualTo("20\n");
  }

  /// Processes that nobody has waited for yet make no difference.
  @Test
  void time_ofProcesses_isHeardFromThoseWaitedFor() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/python3")), "no python");
    String program =
        """
        import os, time
        begin = time.time()
        here, there = os.pipe()
        slow = os.fork()
        if slow == 0:
          time.sleep(1)
          os._exit(0)
        os.close(there)
        os.read(here, 1)
        fast = os.fork()
        if fast == 0:
          os._exit(0)
        os.waitpid(fast, 0)
        print(int(time.time() - begin))
        os.waitid(os.P_PID, slow, os.WEXITED)
        print(int(time.time() - begin))
        """;

    Runs.Ran ran = runs.varying(Factor.TIME).run("/usr/bin/python3", "-c", program);

    assertWithMessage(ran.err()).that(ran.out()).isEqualTo("0\n1\n");
  }

  @Test
  void times_ofFiles_areLaterAfterSleeping() throws Exception {
    Runs.Ran ran =
        runs.varying(Factor.TIME)
            .sh(
                """
                touch a; sleep 0.6; touch b
                sleep 1.1; touch c; sleep 0.1; touch d; stat -c %Y a b c d
                [ c -nt b ] && echo newer
                """);

    long begin = Circumstances.TIME.getEpochSecond();
    assertThat(ran.out())
        .isEqualTo("%d\n%d\n%d\n%d\nnewer\n".formatted(begin, begin, begin + 1, begin + 1));
  }
}
