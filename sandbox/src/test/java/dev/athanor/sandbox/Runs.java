package dev.athanor.sandbox;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Runs shell scripts in a sandbox, with `/build` in a temporary folder. Immutable; the `with...`
/// methods return a changed copy.
record Runs(
    Sandbox sandbox,
    Path dir,
    Spawn.Root root,
    List<Spawn.Bind> binds,
    Spawn.User user,
    boolean network,
    Spawn.Limits limits,
    Set<Factor> varied) {
  /// The host's own tools, as far as scripts need them.
  static final Spawn.Root HOST =
      new Spawn.Root.Host(
          Stream.of("/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache").map(Path::of).toList());

  static final Spawn.User USER = new Spawn.User(1000, 1000, List.of());

  /// What a script did.
  record Ran(Exit exit, String out, String err) {}

  /// @param dir an empty folder, which gets `build` and files for what is printed
  static Runs in(Path dir, Sandbox sandbox) throws IOException {
    Files.createDirectories(dir.resolve("build"));
    return new Runs(sandbox, dir, HOST, List.of(), USER, false, Spawn.Limits.NONE, Set.of());
  }

  /// Processes that scripts have started to wait, and that are there yet.
  static List<ProcessHandle> sleepers() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().commandLine().orElse("").contains("sleep"))
        .toList();
  }

  Path build() {
    return dir.resolve("build");
  }

  Runs withRoot(Spawn.Root root) {
    return new Runs(sandbox, dir, root, binds, user, network, limits, varied);
  }

  Runs withBind(Path source, String target, boolean writable) {
    List<Spawn.Bind> more = new ArrayList<>(binds);
    more.add(new Spawn.Bind(source, target, writable));
    return new Runs(sandbox, dir, root, more, user, network, limits, varied);
  }

  Runs withUser(int uid, int gid, Integer... groups) {
    return new Runs(
        sandbox,
        dir,
        root,
        binds,
        new Spawn.User(uid, gid, List.of(groups)),
        network,
        limits,
        varied);
  }

  Runs withTime(Duration time) {
    return withLimits(
        new Spawn.Limits(Optional.of(time), limits.memoryBytes(), limits.processes()));
  }

  Runs withLimits(Spawn.Limits limits) {
    return new Runs(sandbox, dir, root, binds, user, network, limits, varied);
  }

  Runs varying(Factor... factors) {
    return new Runs(
        sandbox, dir, root, binds, user, network, limits, Factor.setOf(List.of(factors)));
  }

  Ran sh(String script) throws IOException, InterruptedException {
    return run("/bin/sh", "-c", script);
  }

  Ran run(String... argv) throws IOException, InterruptedException {
    Path out = Files.createTempFile(dir, "out", null);
    Path err = Files.createTempFile(dir, "err", null);
    Exit exit = sandbox.run(spawn(new Spawn.Stdio.Files(out, err), argv));
    return new Ran(exit, Files.readString(out), Files.readString(err));
  }

  /// What a descendant of an interrupted script writes for as long as it lives.
  Path alive() {
    return build().resolve("alive");
  }

  /// Interrupts a script, and waits for its end.
  void interrupt() throws InterruptedException {
    Thread thread =
        Thread.ofVirtual()
            .start(() ->
                assertThrows(
                    InterruptedException.class,
                    () -> sh("setsid sh -c 'while :; do date > alive; done' & sleep 1000")));
    while (!Files.exists(alive())) {
      Thread.sleep(10);
    }
    thread.interrupt();
    thread.join();
  }

  /// On this process's terminal.
  Exit attach(String... argv) throws IOException, InterruptedException {
    return sandbox.run(spawn(new Spawn.Stdio.Inherited(), argv));
  }

  private Spawn spawn(Spawn.Stdio stdio, String... argv) {
    SortedMap<String, String> env = new TreeMap<>();
    env.put("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
    env.put("TZ", "UTC");
    List<Spawn.Bind> all = new ArrayList<>();
    all.add(new Spawn.Bind(build(), "/build", true));
    all.addAll(binds);
    return new Spawn(
            List.of(argv), env, "/build", root, all, user, "athanor", network, limits, stdio)
        .under(varied);
  }
}
