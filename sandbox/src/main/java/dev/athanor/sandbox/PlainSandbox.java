package dev.athanor.sandbox;

import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Exit.Cause;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.sandbox.Child.Ended;
import dev.athanor.sandbox.Program.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// No isolation at all: the process runs on the host as this JVM's user, in the folder that a
/// sandbox would have shown it at its directory. For hosts that can give no better, and for seeing
/// what isolation changes.
///
/// Only the host's root can be had, and no binds. What the process leaves behind at its end is
/// killed, daemons too, unless this JVM is killed itself.
final class PlainSandbox implements Sandbox {
  /// How soon leftovers are noticed. A process without any is noticed at once.
  private static final Duration TICK = Duration.ofMillis(10);

  private final Host host;
  private final Launcher launcher;

  PlainSandbox(Host host, Launcher launcher) {
    this.host = host;
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public boolean hermetic() {
    return false;
  }

  @Override
  public Set<Factor> varies() {
    return Factor.setOf(Varied.variablesAndInherited());
  }

  @Override
  public Exit run(Spawn asked) throws IOException, InterruptedException {
    Spawn spawn = asked.varyingAtMost(varies());
    if (!(spawn.root() instanceof Spawn.Root.Host)) {
      throw new IOException("the plain sandbox cannot show another root than the host's");
    }
    return Supervised.run(
        supervised -> run(spawn.withEnv(environment(spawn)), directory(spawn), supervised));
  }

  @Override
  public void close() {
    launcher.close();
  }

  /// Where the process starts: what is bound at its directory, else that directory of the host.
  private static Path directory(Spawn spawn) {
    return onHost(Path.of(spawn.directory()), spawn);
  }

  /// Variables that name a place inside name it where it is.
  private static SortedMap<String, String> environment(Spawn spawn) {
    SortedMap<String, String> env = new TreeMap<>(spawn.env());
    env.replaceAll((_, value) ->
        value.startsWith("/") && !value.contains(":")
            ? onHost(Path.of(value), spawn).toString()
            : value);
    return env;
  }

  private static Path onHost(Path inside, Spawn spawn) {
    for (Spawn.Bind bind : spawn.binds()) {
      Path target = Path.of(bind.target());
      if (inside.startsWith(target)) {
        return bind.source().resolve(target.relativize(inside));
      }
    }
    return inside;
  }

  private Exit run(Spawn spawn, Path directory, Supervised supervised) throws IOException {
    long start = System.nanoTime();
    ProgramMemory memory = launcher.memory();
    try (Bounds bounds = Bounds.alone(spawn.limits(), host);
        Terminal terminal = NamespaceSandbox.terminal(spawn)) {
      Program program = SpecProgram.plain(spawn, directory.toString(), bounds, terminal.present());
      int[] fds = new int[Fd.NEXT];
      fds[Fd.TERMINAL] = terminal.fd();
      Child init = launcher.start(program, memory, fds);
      Runnable kill = () -> below(init.pid(), ProcessHandle::destroyForcibly);
      supervised.onKill(kill);
      if (spawn.stdio() instanceof Spawn.Stdio.Inherited) {
        supervised.onAsk(() -> below(init.pid(), ProcessHandle::destroy));
      }
      Optional<Duration> limit = spawn.limits().time();
      boolean timedOut = await(init, memory, limit, kill);
      Ended ended = init.await();
      if (memory.get(Slot.FAILED_STEP) != 0 || memory.get(Slot.ENDED) == 0) {
        throw memory.failure(program, ended);
      }
      Cause cause = timedOut ? new Cause.TimedOut(limit.orElseThrow()) : memory.cause(spawn);
      Duration wall = Duration.ofNanos(System.nanoTime() - start);
      // Until it executes the command, the process shares the JVM's memory, which counts as its
      // own.
      return new Exit(cause, wall, 0);
    } finally {
      launcher.free(memory);
    }
  }

  /// Waits until nothing is left, and sees to it that nothing outlives the command or its time.
  private static boolean await(
      Child init, ProgramMemory memory, Optional<Duration> limit, Runnable kill)
      throws IOException {
    long start = System.nanoTime();
    boolean timedOut = false;
    while (!init.awaitEnd(TICK)) {
      if (memory.get(Slot.ENDED) != 0) {
        kill.run();
      } else if (limit.isPresent() && System.nanoTime() - start > limit.get().toNanos()) {
        timedOut = true;
        Supervised.end(init, kill);
      }
    }
    return timedOut;
  }

  /// Ends the children of a process. Those whose parent died have become its own; the next tick
  /// finds them.
  private static void below(int pid, Consumer<ProcessHandle> end) {
    try {
      Path children = Path.of("/proc/" + pid + "/task/" + pid + "/children");
      for (String child : Files.readString(children).split(" ", -1)) {
        if (!child.isBlank()) {
          ProcessHandle.of(Long.parseLong(child)).ifPresent(end);
        }
      }
    } catch (IOException e) {
      // It has ended, and all below it.
    }
  }
}
