package dev.athanor.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;

/// Starts processes that execute a [Program].
final class Launcher {
  private static final String[] ARGV = {"athanor-init"};
  private static final String[] NO_ENV = {};

  private final Arch arch;
  private final Init init;
  private final int life;
  private final ConcurrentLinkedDeque<ProgramMemory> unused = new ConcurrentLinkedDeque<>();

  private Launcher(Arch arch, Init init, int life) {
    this.arch = arch;
    this.init = init;
    this.life = life;
  }

  static Launcher create(Arch arch) throws IOException {
    return new Launcher(arch, Init.create(arch), lifeline());
  }

  /// The reading end of a pipe that nobody writes to. Its other end is open for as long as this JVM
  /// lives.
  private static int lifeline() throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(JAVA_INT, 2);
      Libc.call(Syscall.PIPE2, ends.address(), Libc.O_CLOEXEC);
      int _ = Libc.aside(ends.getAtIndex(JAVA_INT, 1));
      return Libc.aside(ends.getAtIndex(JAVA_INT, 0));
    }
  }

  /// Memory that nobody uses; to be given back with [#free].
  ProgramMemory memory() throws SyscallException {
    ProgramMemory memory = unused.poll();
    return memory != null ? memory : ProgramMemory.create();
  }

  void free(ProgramMemory memory) {
    unused.push(memory);
  }

  /// Starts a process that executes `program`, with the template's namespaces at hand.
  ///
  /// @param terminal a descriptor, or -1
  Child start(Program program, ProgramMemory memory, Template template, int terminal)
      throws SyscallException {
    memory.load(program, arch);
    int[] fds = new int[Fd.NEXT];
    // Those that are not needed are taken all the same, see Fd.
    Arrays.fill(fds, life);
    fds[Fd.STDIN] = -1;
    fds[Fd.STDOUT] = -1;
    fds[Fd.STDERR] = -1;
    fds[Fd.PROGRAM] = memory.fd();
    set(fds, Fd.USER_NAMESPACE, template.user());
    set(fds, Fd.MOUNT_NAMESPACE, template.mount());
    set(fds, Fd.NET_NAMESPACE, template.net());
    set(fds, Fd.TERMINAL, terminal);
    return Child.of(Libc.spawn(init.path(), ARGV, NO_ENV, fds));
  }

  private static void set(int[] fds, int fd, int source) {
    if (source >= 0) {
      fds[fd] = source;
    }
  }
}
