package dev.athanor.sandbox;

import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Exit.Cause;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.sandbox.Child.Ended;
import dev.athanor.sandbox.Program.Slot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Our own sandbox: Linux namespaces by system calls, without any helper that would have to be
/// installed.
///
/// The calls are made by fresh processes of [Init], never by a thread of this JVM: no thread ends
/// up in the wrong namespace, and a process with a single thread may enter a user namespace, so
/// that no privilege is needed.
final class NamespaceSandbox implements Sandbox {
  /// A directory beneath a writable bind, so that the process seems to write where its inputs are,
  /// while they stay as they are.
  ///
  /// @param target that of a writable bind of the spawn, whose source takes the writes
  /// @param lower what is seen where nothing was written
  /// @param work an empty folder on the file system of that source
  record Beneath(String target, Path lower, Path work) {}

  private final Host host;
  private final HostBase.Cache bases = new HostBase.Cache();
  private final Launcher launcher;
  private final Namespaces namespaces;

  /// Nothing that is made for a command is older. File systems count in steps of some milliseconds.
  private final Instant since = Instant.now().minusSeconds(1);

  private final Tracing tracing = new Tracing(this::traceOne);

  private NamespaceSandbox(Host host, Launcher launcher, Namespaces namespaces) {
    this.host = host;
    this.launcher = launcher;
    this.namespaces = namespaces;
  }

  static NamespaceSandbox create(Host host, Launcher launcher) throws IOException {
    return new NamespaceSandbox(host, launcher, Namespaces.create(host, launcher));
  }

  @Override
  public String name() {
    return "namespaces";
  }

  @Override
  public boolean hermetic() {
    return true;
  }

  @Override
  public Set<Factor> varies() {
    Set<Factor> factors = Varied.variablesAndInherited();
    factors.addAll(EnumSet.of(Factor.PATH, Factor.HOST_NAME, Factor.USER, Factor.PROCESS_IDS));
    if (tracing.possible()) {
      factors.addAll(Factor.FOLLOWED);
    }
    return Factor.setOf(factors);
  }

  private Exit traceOne() throws IOException, InterruptedException {
    return run(
        Sandboxes.probe(Path.of("/dev/null")).under(Factor.FOLLOWED), List.of(), Factor.FOLLOWED);
  }

  @Override
  public Exit run(Spawn spawn) throws IOException, InterruptedException {
    return run(spawn, List.of());
  }

  Exit run(Spawn spawn, List<Beneath> beneath) throws IOException, InterruptedException {
    return run(spawn, beneath, spawn.varied().isEmpty() ? Set.of() : varies());
  }

  private Exit run(Spawn spawn, List<Beneath> beneath, Set<Factor> possible)
      throws IOException, InterruptedException {
    SandboxSpec spec = Planner.plan(spawn.varyingAtMost(possible), beneath, bases);
    return Supervised.run(supervised -> run(spec, supervised));
  }

  private Tracer.Plan plan(Spawn spawn) {
    return new Tracer.Plan(host.arch(), spawn.varied(), since);
  }

  private Exit run(SandboxSpec spec, Supervised supervised) throws IOException {
    long start = System.nanoTime();
    Optional<Duration> limit = spec.spawn().limits().time();
    try (Terminal terminal = terminal(spec.spawn());
        Namespaces.Loan loan = namespaces.borrow(spec, terminal);
        Bounds bounds = Bounds.within(loan.server().groups(), spec.spawn().limits(), host);
        Deadline deadline = Deadline.of(limit, loan.server()::signal)) {
      Program program = SpecProgram.of(spec, host, bounds, launcher.server(), terminal.present());
      if (spec.spawn().stdio() instanceof Spawn.Stdio.Inherited) {
        supervised.onAsk(() -> loan.server().signal(Libc.SIGTERM));
      }
      Ended ended =
          Varied.traced(spec.spawn())
              ? loan.server().run(program, supervised, plan(spec.spawn()))
              : loan.server().run(program, supervised);
      Cause cause =
          deadline.passed()
              ? new Cause.TimedOut(limit.orElseThrow())
              : cause(spec, program, loan.server().memory(), ended);
      Duration wall = Duration.ofNanos(System.nanoTime() - start);
      return new Exit(cause, wall, ended.maxRssBytes());
    }
  }

  @Override
  public void close() {
    namespaces.close();
    launcher.close();
  }

  static Terminal terminal(Spawn spawn) {
    return switch (spawn.stdio()) {
      case Spawn.Stdio.Files _ -> Terminal.none();
      case Spawn.Stdio.Inherited() -> Terminal.open();
    };
  }

  private static Cause cause(
      SandboxSpec spec, Program program, ProgramMemory memory, Ended processOne)
      throws IOException {
    if (memory.get(Slot.FAILED_STEP) != 0 || memory.get(Slot.ENDED) == 0) {
      throw memory.failure(program, processOne);
    }
    return memory.cause(spec.spawn());
  }
}
