package dev.athanor.sandbox;

import dev.athanor.sandbox.Child.Ended;
import dev.athanor.sandbox.Program.Slot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/// A process that waits beside this JVM to start others, one [Program] after another. That is
/// cheaper than `posix_spawn`: what it starts shares its memory and executes nothing first.
///
/// What it starts becomes a child of this JVM, and stays in the server's process group, by which it
/// is waited for. The *first* process of a program leaves process 1 behind and lingers until that
/// one has been waited for: whoever is the last in a mount namespace has to wait for the kernel to
/// take it apart, and nobody waits for the first.
final class ForkServer implements AutoCloseable {
  private static final int EFD_CLOEXEC = 0x80000;
  private static final int EFD_NONBLOCK = 0x800;
  private static final int EFD_SEMAPHORE = 1;

  /// The thread that starts all servers. It never ends, because the kernel would take its end for
  /// that of this JVM.
  private static final ExecutorService PARENT =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("sandbox").factory());

  private final Launcher launcher;
  private final Cgroups.Group groups;
  private final ProgramMemory memory;
  private final Child server;
  private final int wake;
  private final int release;

  /// How many programs it has executed.
  private int runs;

  private boolean running;

  private ForkServer(
      Launcher launcher,
      Cgroups.Group groups,
      ProgramMemory memory,
      Child server,
      int wake,
      int release) {
    this.launcher = launcher;
    this.groups = groups;
    this.memory = memory;
    this.server = server;
    this.wake = wake;
    this.release = release;
  }

  /// @param cgroups where it gets groups, for itself and all that it starts
  /// @param fds the descriptors that what it starts shall have, as [Fd] says
  static ForkServer start(Launcher launcher, Cgroups cgroups, int[] fds) throws IOException {
    try {
      return CompletableFuture.supplyAsync(() -> startHere(launcher, cgroups, fds), PARENT).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof UncheckedIOException io
          ? Objects.requireNonNull(io.getCause())
          : new IOException("starting a fork server", e.getCause());
    }
  }

  private static ForkServer startHere(Launcher launcher, Cgroups cgroups, int[] fds) {
    int[] events = {-1, -1};
    try {
      events[0] = event(EFD_NONBLOCK);
      events[1] = event(EFD_SEMAPHORE);
      return start(launcher, cgroups.group(Bounds.DEFAULT), fds.clone(), events[0], events[1]);
    } catch (IOException e) {
      for (int event : events) {
        if (event >= 0) {
          Libc.close(event);
        }
      }
      throw new UncheckedIOException(e);
    }
  }

  private static ForkServer start(
      Launcher launcher, Cgroups.Group groups, int[] fds, int wake, int release)
      throws SyscallException {
    fds[Fd.WAKE] = wake;
    fds[Fd.RELEASE] = release;
    ProgramMemory memory = launcher.memory();
    try {
      Child server = launcher.startGroup(launcher.server().program(), memory, fds);
      return new ForkServer(launcher, groups.with(server.pid()), memory, server, wake, release);
    } catch (SyscallException e) {
      groups.remove();
      launcher.free(memory);
      throw e;
    }
  }

  private static int event(int flags) throws SyscallException {
    return Libc.aside((int) Libc.call(Syscall.EVENTFD2, 0, flags | EFD_CLOEXEC));
  }

  /// Those that it is in.
  Cgroups.Group groups() {
    return groups;
  }

  /// What programs report to.
  ProgramMemory memory() {
    return memory;
  }

  /// Whether it can take another program.
  boolean usable() throws SyscallException {
    return server.alive();
  }

  /// Has a program executed, and waits until the process has ended that it leaves behind.
  ///
  /// @throws IOException when it leaves none behind
  Ended run(Program program, Supervised supervised) throws IOException {
    launcher.load(program, memory);
    begin();
    try {
      return wakeAndAwait(program, supervised);
    } finally {
      end();
    }
  }

  /// The same with the command traced.
  Ended run(Program program, Supervised supervised, Tracer.Plan plan) throws IOException {
    launcher.load(program, memory);
    begin();
    Runnable kill =
        () -> {
          boolean _ = signal(Libc.SIGKILL);
        };
    try (Tracer _ = Tracer.start(memory, plan, this::seizeCommand, kill)) {
      return wakeAndAwait(program, supervised);
    } finally {
      end();
    }
  }

  private Ended wakeAndAwait(Program program, Supervised supervised) throws IOException {
    int run = runs();
    supervised.onKill(() -> kill(run));
    Libc.signalEvent(wake);
    return awaitProcessOne(program);
  }

  /// Process 1 has a single child then, which waits.
  private synchronized int seizeCommand(Ptrace ptrace) throws IOException {
    if (!running) {
      return 0;
    }
    int parent = memory.childPid();
    String children =
        Files.readString(Path.of("/proc/" + parent + "/task/" + parent + "/children"));
    if (children.isBlank()) {
      return 0;
    }
    int pid = Integer.parseInt(children.strip());
    ptrace.seize(pid);
    return pid;
  }

  private Ended awaitProcessOne(Program program) throws IOException {
    boolean grouped = true;
    while (true) {
      int pid = grouped ? Child.awaitAnyOf(server.pid()) : Child.awaitNumber(memory.childPid());
      Ended ended = reap(pid);
      if (pid == memory.childPid()) {
        // For one of those that linger, maybe not its own first: each run releases one.
        Libc.signalEvent(release);
        return ended;
      }
      if (pid == server.pid()) {
        if (memory.get(Slot.FIRST) == 0) {
          throw memory.failure(launcher.server().program(), ended);
        }
      } else if (pid == firstPid()) {
        if (memory.childPid() == 0) {
          throw memory.failure(program, ended);
        }
        grouped = false;
      }
      // Any other is the first process of the program before.
    }
  }

  /// Gives a number back to the kernel. When that is process 1's, nobody signals it any more.
  private synchronized Ended reap(int pid) throws SyscallException {
    running &= pid != memory.childPid() && (pid != firstPid() || memory.childPid() != 0);
    return pid == server.pid() ? server.await() : Child.reap(pid);
  }

  private int firstPid() {
    return (int) memory.get(Slot.FIRST);
  }

  private synchronized void begin() {
    running = true;
  }

  private synchronized void end() {
    running = false;
    runs++;
  }

  private synchronized int runs() {
    return runs;
  }

  /// Sends process 1 a signal.
  ///
  /// @return false when there is none: not yet, or not any more
  synchronized boolean signal(int number) {
    return signal(number, runs);
  }

  private synchronized boolean signal(int number, int run) {
    // Nothing else may be looked at when it is over: the memory may be gone.
    if (!running || run != runs || memory.childPid() == 0) {
      return false;
    }
    send(memory.childPid(), number);
    return true;
  }

  private static void send(int pid, int number) {
    try {
      Libc.call(Syscall.KILL, pid, number);
    } catch (SyscallException e) {
      throw new AssertionError(e);
    }
  }

  /// Kills what runs, as soon as there is something.
  private void kill(int run) {
    Thread _ =
        Thread.ofVirtual()
            .start(() -> {
              while (runs() == run && !signal(Libc.SIGKILL, run)) {
                killFirst(run);
                LockSupport.parkNanos(1_000_000);
              }
            });
  }

  /// Ends a first process that is not done with setting up.
  private synchronized void killFirst(int run) {
    if (running && run == runs && memory.childPid() == 0 && firstPid() != 0) {
      send(firstPid(), Libc.SIGKILL);
    }
  }

  /// To be called when nothing runs.
  @Override
  public void close() throws SyscallException {
    if (server.alive()) {
      // While nobody else can have the number of its group.
      Child.killGroup(server.pid());
    }
    server.end();
    Libc.signalEvent(release);
    while (Child.reapAny(server.pid())) {
      // What lingered.
    }
    groups.remove();
    launcher.free(memory);
    Libc.close(wake);
    Libc.close(release);
  }
}
