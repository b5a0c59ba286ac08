package dev.athanor.sandbox;

import java.io.IOException;

/// A child that was started to make namespaces, and waits at a stop while they are looked at. It is
/// killed when it is closed; the namespaces stay as long as somebody has a descriptor of them.
final class Held implements AutoCloseable {
  private static final int SIGCONT = 18;

  private final Program program;
  private final Launcher launcher;
  private final ProgramMemory memory;
  private final Child child;

  private Held(Program program, Launcher launcher, ProgramMemory memory, Child child) {
    this.program = program;
    this.launcher = launcher;
    this.memory = memory;
    this.child = child;
  }

  /// Starts it and waits for its first stop.
  static Held start(Program program, Launcher launcher, int[] fds) throws IOException {
    ProgramMemory memory = launcher.memory();
    Held held = new Held(program, launcher, memory, launcher.start(program, memory, fds));
    held.awaitStop();
    return held;
  }

  /// Waits for its next stop.
  void next() throws IOException {
    child.signal(SIGCONT);
    awaitStop();
  }

  private void awaitStop() throws IOException {
    Child.Ended ended = child.awaitStop();
    if (!ended.stopped()) {
      close();
      throw memory.failure(program, ended);
    }
  }

  int pid() {
    return child.pid();
  }

  /// A descriptor of one of its namespaces.
  int namespace(String name) throws IOException {
    return Libc.open("/proc/" + child.pid() + "/ns/" + name, Libc.O_RDONLY);
  }

  @Override
  public void close() throws SyscallException {
    child.end();
    launcher.free(memory);
  }
}
