package dev.athanor.sandbox;

import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// A sandbox that another program makes.
abstract sealed class Wrapped implements Sandbox permits BwrapSandbox, UnshareSandbox {
  /// Where the programs of a host are.
  static final String PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

  private final HostBase.Cache bases = new HostBase.Cache();
  private final Sandbox outside;
  private final Path state;

  /// @param outside where that program runs
  /// @param state a folder for what it needs
  Wrapped(Sandbox outside, Path state) {
    this.outside = outside;
    this.state = state;
  }

  /// Makes what the program needs in a folder, and its arguments.
  abstract List<String> argv(SandboxSpec spec, Path dir) throws IOException;

  /// Tells from the folder whether the command in the sandbox came to run and to its end.
  abstract boolean isComplete(Path dir) throws IOException;

  @Override
  public boolean hermetic() {
    return true;
  }

  /// What such a program varies, or hands on to the command.
  @Override
  public Set<Factor> varies() {
    Set<Factor> factors = Varied.variablesAndInherited();
    factors.addAll(EnumSet.of(Factor.PATH, Factor.HOST_NAME, Factor.USER));
    return Factor.setOf(factors);
  }

  @Override
  public Exit run(Spawn asked) throws IOException, InterruptedException {
    SandboxSpec spec = Planner.plan(asked.varyingAtMost(varies()), bases);
    Spawn spawn = spec.spawn();
    Path dir = Files.createTempDirectory(state, "run");
    try {
      Exit exit = outside.run(around(spawn, argv(spec, dir)));
      if (exit.cause() instanceof Exit.Cause.Code && !isComplete(dir)) {
        throw new IOException("the sandbox could not be made" + complaint(spawn));
      }
      return exit;
    } finally {
      ScratchDirs.delete(dir);
    }
  }

  @Override
  public void close() {
    outside.close();
  }

  private static Spawn around(Spawn spawn, List<String> argv) {
    Set<Factor> inherited = new HashSet<>(spawn.varied());
    inherited.retainAll(Varied.inherited());
    TreeMap<String, String> env = new TreeMap<>();
    env.put("PATH", PATH);
    env.put("LC_ALL", "C");
    return new Spawn(
        argv,
        env,
        "/",
        new Spawn.Root.Host(List.of()),
        List.of(),
        spawn.user(),
        spawn.hostname(),
        spawn.network(),
        new Spawn.Limits(
            spawn.limits().time(),
            spawn.limits().memoryBytes(),
            spawn.limits().processes().or(Bounds.DEFAULT::processes)),
        spawn.stdio(),
        inherited);
  }

  /// What the program said about it.
  private static String complaint(Spawn spawn) throws IOException {
    return switch (spawn.stdio()) {
      case Spawn.Stdio.Files(_, var stderr) -> ": " + Files.readString(stderr).strip();
      case Spawn.Stdio.Inherited() -> "";
    };
  }
}
