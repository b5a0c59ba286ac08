package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Exit.Cause;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands that try to get out of each sandbox that says it is hermetic, or to harm its host.
final class EscapeTest {
  private static final String SECRET = "the secret of the host";

  @TempDir Path dir;
  private final List<Sandbox> opened = new ArrayList<>();

  private Runs open(String name) throws Exception {
    Sandbox sandbox = HermeticSandboxTest.sandbox(name, dir.resolve("state"));
    opened.add(sandbox);
    return Runs.in(dir.resolve("runs"), sandbox);
  }

  @AfterEach
  void close() throws IOException {
    opened.forEach(Sandbox::close);
    // The framework would warn of links that lead out.
    ScratchDirs.delete(dir.resolve("runs"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "bwrap", "unshare"})
  void filesOfTheHost_cannotBeRead(String name) throws Exception {
    Runs runs = open(name);
    Path secret = Files.writeString(dir.resolve("secret"), SECRET);
    Files.createSymbolicLink(runs.build().resolve("absolute"), secret);
    Files.createSymbolicLink(runs.build().resolve("relative"), Path.of("../../secret"));
    Files.createSymbolicLink(runs.build().resolve("root"), Path.of("/"));
    Files.createSymbolicLink(runs.build().resolve("proc"), Path.of("/proc/1/root"));

    Runs.Ran ran =
        runs.sh(
            """
            s=%s
            cat $s absolute relative root$s proc$s proc/build/relative
            up=; for i in 1 2 3 4 5 6 7 8 9; do up=../$up; cat ${up}secret $up$s; done
            for p in /proc/[0-9]* /proc/self /proc/thread-self; do
              cat $p/root$s $p/cwd/../secret $p/cwd/../../secret; cat $p/fd/*
              for fd in $p/fd/*; do cat $fd$s $fd/../secret $fd/../../secret; done
            done
            ln -s $s link; cat link; ln $s hard; cat hard; cp -r $(dirname $s) copy; cat copy/secret
            cat "$(realpath absolute)" "$(readlink -f proc)$s"
            find / /build /tmp /usr -xdev -name secret -exec cat {} +
            cd / && cd .. && cat .$s; chroot . /bin/cat $s
            """
                .formatted(secret));

    assertThat(ran.out()).doesNotContain(SECRET);
    assertThat(ran.exit().cause()).isInstanceOf(Cause.Code.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "bwrap", "unshare"})
  void processesOfTheHost_cannotBeSeenOrKilled(String name) throws Exception {
    Runs runs = open(name);
    Process other = new ProcessBuilder("sleep", "1000").start();
    try {
      Runs.Ran ran =
          runs.sh(
              """
              kill -9 %1$d && echo killed; ls -d /proc/%1$d && echo seen
              ls /proc | grep -c '^[0-9]'
              cat /proc/1/environ /proc/1/mem && echo read
              true
              """
                  .formatted(other.pid()));

      assertThat(ran.out()).doesNotContain("killed");
      assertThat(ran.out()).doesNotContain("seen");
      assertThat(ran.out()).doesNotContain("read");
      assertThat(ran.out().lines().anyMatch(line -> line.matches("[1-9]"))).isTrue();
      assertThat(other.isAlive()).isTrue();
    } finally {
      other.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "bwrap", "unshare"})
  void network_cannotBeReached(String name) throws Exception {
    Runs runs = open(name);
    try (ServerSocket server = new ServerSocket(0, 10)) {
      StringBuilder script = new StringBuilder();
      for (String address : addresses()) {
        script.append(
            "(exec 3<>/dev/tcp/" + address + "/" + server.getLocalPort() + ") && echo reached;\n");
      }
      script.append("(exec 3<>/dev/udp/10.0.0.1/53) && echo routed\n");

      Runs.Ran ran = runs.run("/bin/bash", "-c", script.toString());

      assertThat(ran.out()).isEmpty();
      assertThat(ran.err()).contains("Network is unreachable");
    }
  }

  /// All of this host's own: loopback and beyond.
  private static Iterable<String> addresses() throws Exception {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .map(InetAddress::getHostAddress)
        .filter(address -> !address.contains(":"))
        .toList();
  }

  /// Abstract sockets have no file that could be hidden.
  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "bwrap", "unshare"})
  void abstractSocketsOfTheHost_cannotBeReached(String name) throws Exception {
    Runs runs = open(name);
    assumeTrue(Files.exists(Path.of("/usr/bin/perl")), "no perl");
    String socket = "athanor-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    String address =
        "use Socket; my $a = pack('S a*', AF_UNIX, \"\\0"
            + socket
            + "\");"
            + " socket(S, AF_UNIX, SOCK_STREAM, 0) or die;";
    Process server =
        new ProcessBuilder(
                "perl",
                "-e",
                address
                    + " bind(S, $a) && listen(S, 9) or die; $| = 1; print \"on\\n\"; sleep 1000")
            .start();
    try (BufferedReader on =
        new BufferedReader(new InputStreamReader(server.getInputStream(), UTF_8))) {
      assertThat(on.readLine()).isEqualTo("on");
      String connect = address + " connect(S, $a) ? print 'reached' : print \"no: $!\"";
      Process outside = new ProcessBuilder("perl", "-e", connect).start();
      assertThat(new String(outside.getInputStream().readAllBytes(), UTF_8)).isEqualTo("reached");

      assertThat(runs.run("perl", "-e", connect).out()).isEqualTo("no: Connection refused");
    } finally {
      server.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "bwrap", "unshare"})
  void readOnlyBinds_cannotBeChanged(String name) throws Exception {
    Runs runs = open(name);
    Path inputs = dir.resolve("inputs");
    Files.createDirectories(inputs.resolve("deep"));
    Path file = Files.writeString(inputs.resolve("deep/file"), "as it was");
    String before = Files.getLastModifiedTime(file).toString();
    Files.createDirectories(runs.build().resolve("in"));

    Runs.Ran ran =
        runs.withBind(inputs, "/build/in", false)
            .sh(
                """
                cd in
                mount -o remount,rw,bind . ; mount -o remount,rw /build/in; umount /build/in; umount -l .
                echo x > deep/file; echo x >> deep/file; (: > deep/file); truncate -s 0 deep/file
                dd if=/dev/null of=deep/file; cp /dev/null deep/file
                chmod 777 deep/file deep . && echo x > deep/file; chown 1000 deep/file
                rm -rf deep deep/file; mv deep other; mv deep/file deep/other; touch -d 1999-01-01 deep/file
                echo new > deep/new; mkdir deep/dir; ln deep/file deep/link; ln deep/file /build/link
                echo x > /build/link; ln -f /dev/null deep/file
                (exec 3<> deep/file && echo x >&3); (exec 4< deep/file && echo x > /proc/self/fd/4)
                cat deep/file
                """);

    assertThat(ran.out()).isEqualTo("as it was");
    assertThat(Files.readString(file)).isEqualTo("as it was");
    assertThat(Files.getLastModifiedTime(file).toString()).isEqualTo(before);
    try (var files = Files.list(file.resolveSibling("."))) {
      assertThat(files.count()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "bwrap", "unshare"})
  void privileges_cannotBeHad(String name) throws Exception {
    Runs runs = open(name);

    Runs.Ran ran =
        runs.sh(
            """
            cp "$(command -v id)" myid; chmod 6755 myid; ./myid -u; ./myid -ru
            chown 0:0 myid && echo chowned
            for s in $(find /usr/bin -perm -4000); do
              case $s in */mount|*/umount) $s -t tmpfs none /tmp && echo mounted;; esac
            done
            su -c id </dev/null && echo su; setpriv --reuid=0 id && echo setpriv
            unshare --user --map-root-user id && echo namespace
            unshare --mount id && echo namespace
            chroot / id && echo chrooted
            nsenter --target 1 --mount id && echo entered
            for f in /proc/sys/kernel/core_pattern /proc/sysrq-trigger; do [ ! -w $f ] || echo may write $f; done
            grep -E '^(CapEff|CapPrm|CapAmb|NoNewPrivs)' /proc/self/status
            """);

    assertThat(ran.out())
        .isEqualTo(
            """
            1000
            1000
            CapPrm:\t0000000000000000
            CapEff:\t0000000000000000
            CapAmb:\t0000000000000000
            NoNewPrivs:\t1
            """);
    if (!name.equals("unshare")) {
      // There the bounding set of its last user namespace stays, of which nothing can be used.
      assertThat(runs.sh("grep CapBnd /proc/self/status").out())
          .isEqualTo("CapBnd:\t0000000000000000\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "bwrap", "unshare"})
  void devices_cannotBeMadeOrOpened(String name) throws Exception {
    Runs runs = open(name);

    Runs.Ran ran =
        runs.sh(
            """
            mknod disk b 8 0 && echo made; mknod mem c 1 1 && echo made; mknod /tmp/null c 1 3 && echo made
            mknod /dev/kmsg c 1 11 && echo made
            for d in /dev/mem /dev/kmsg /dev/sda /dev/vda /dev/fuse /dev/kvm /dev/net/tun /dev/loop0 disk mem; do
              head -c 1 $d > read && echo opened $d
            done
            ls -A /sys
            echo x > /dev/null && head -c 4 /dev/zero | wc -c
            """);

    assertThat(ran.out()).isEqualTo("4\n");
  }

  /// Calls that no permission of files guards.
  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "bwrap"})
  void dangerousCalls_areRefused(String name) throws Exception {
    Runs runs = open(name);
    assumeTrue(Files.exists(Path.of("/usr/bin/perl")), "no perl");
    assumeTrue(
        System.getProperty("os.arch", "").equals("amd64"), "numbers are of another processor");

    Runs.Ran ran =
        runs.run(
            "perl",
            "-e",
            """
            my %calls = (mount => 165, pivot_root => 155, unshare => 272, setns => 308, keyctl => 250,
                add_key => 248, bpf => 321, perf_event_open => 298, userfaultfd => 323, open_tree => 428,
                move_mount => 429, fsopen => 430, io_uring_setup => 425, open_by_handle_at => 304,
                kexec_load => 246, init_module => 175, swapon => 167, reboot => 169, clone3 => 435,
                x32 => 0x40000000 + 39);
            for my $name (sort keys %calls) {
              $! = 0;
              my $result = syscall($calls{$name}, 0x10000000, 0, 0, 0, 0, 0);
              print "$name: $result\\n" unless $result == -1 && ($!{EPERM} || $!{ENOSYS});
            }
            $! = 0;
            my $child = syscall(56, 0x10000000 | 17, 0, 0, 0, 0);
            exit 0 if $child == 0;
            print "clone: a user namespace\\n" unless $!{EPERM};
            print "done\\n";
            """);

    assertThat(ran.out()).isEqualTo("done\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "bwrap", "unshare"})
  void forkBomb_isBoundedAndGone(String name) throws Exception {
    assumeTrue(isBounded(), "nothing bounds root without control groups");
    Runs runs = open(name);
    Duration time = Duration.ofSeconds(2);
    Spawn.Limits limits = new Spawn.Limits(Optional.of(time), Optional.empty(), Optional.of(100));

    Runs.Ran ran =
        runs.withLimits(limits)
            .sh("bomb() { bomb | bomb & sleep 77777; }; trap '' TERM; bomb; wait; sleep 77777");

    assertThat(ran.exit().wall()).isLessThan(Duration.ofSeconds(20));
    assertThat(ran.err()).contains("fork");
    assertThat(sleepers("77777")).isEqualTo(0);
    assertThat(runs.sh("echo well").out()).isEqualTo("well\n");
  }

  private boolean isBounded() throws Exception {
    return Host.of(dir).uid() != 0 || groups();
  }

  private static boolean groups() throws IOException {
    Cgroups.Group group = Cgroups.host().group(Bounds.DEFAULT);
    group.remove();
    return group.missing().isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "bwrap", "unshare"})
  void forkBomb_withoutAskingForLimits_isBounded(String name) throws Exception {
    assumeTrue(isBounded(), "nothing bounds root without control groups");
    Runs runs = open(name);
    String seconds = "5555." + System.nanoTime() % 1_000_000;
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> assertThrows(InterruptedException.class, () -> runs.sh("sleep " + seconds)));
    ProcessHandle sleep = sleeper(seconds);

    Path proc = Path.of("/proc/" + sleep.pid());
    if (groups()) {
      assertThat(Files.readString(proc.resolve("cgroup"))).contains("/athanor-");
    } else {
      Rlimit limit =
          Rlimit.instead(
              Cgroups.Limit.processes(Bounds.DEFAULT.processes().orElseThrow()),
              Rlimit.Ceilings.read(Path.of("/proc/self/limits")));
      assertThat(Files.readString(proc.resolve("limits")))
          .containsMatch("Max processes +" + limit.soft() + " ");
    }
    thread.interrupt();
    thread.join();
  }

  private static ProcessHandle sleeper(String seconds) throws InterruptedException {
    while (true) {
      Optional<ProcessHandle> found =
          ProcessHandle.allProcesses()
              .filter(process -> {
                String line = process.info().commandLine().orElse("");
                return line.endsWith("sleep " + seconds) && !line.contains(" -c ");
              })
              .findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      Thread.sleep(10);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "bwrap", "unshare"})
  void memory_isBounded(String name) throws Exception {
    Runs runs = open(name);
    Spawn.Limits limits =
        new Spawn.Limits(
            Optional.of(Duration.ofSeconds(30)), Optional.of(100_000_000L), Optional.empty());

    Exit exit =
        runs.withLimits(limits).sh("head -c 300000000 /dev/zero | tail | wc -c; exit ${?}").exit();
    Runs.Ran ran =
        runs.withLimits(limits).sh("x=$(head -c 300000000 /dev/zero | tr '\\\\0' x); echo ${#x}");

    assertThat(ran.out()).doesNotContain("300000000");
    assertThat(exit.wall()).isLessThan(Duration.ofSeconds(30));
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "bwrap", "unshare"})
  void daemons_doNotOutliveTheCommand(String name) throws Exception {
    Runs runs = open(name);

    Runs.Ran ran =
        runs.sh(
            """
            setsid sh -c 'trap "" TERM HUP INT; (setsid sleep 88888 &) ; while :; do date > alive; done' &
            nohup sleep 88888 > /dev/null 2>&1 &
            (trap '' TERM HUP; exec setsid sleep 88888) &
            while [ ! -e alive ]; do sleep 0.01; done
            """);

    assertThat(ran.exit().success()).isTrue();
    assertThat(sleepers("88888")).isEqualTo(0);
    Files.delete(runs.build().resolve("alive"));
    Thread.sleep(50);
    assertThat(Files.exists(runs.build().resolve("alive"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "bwrap", "unshare"})
  void ignoringTermination_isKilledWithAllItStarted(String name) throws Exception {
    Runs runs = open(name);
    Duration limit = Duration.ofMillis(300);

    Runs.Ran ran =
        runs.withTime(limit)
            .sh("trap '' TERM; (trap '' TERM; setsid sleep 99999) & while :; do sleep 99999; done");

    assertThat(ran.exit().cause()).isEqualTo(new Cause.TimedOut(limit));
    assertThat(ran.exit().wall()).isLessThan(Duration.ofSeconds(10));
    assertThat(sleepers("99999")).isEqualTo(0);
  }

  private static long sleepers(String seconds) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").endsWith("sleep " + seconds))
        .count();
  }
}
