package dev.athanor.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;

/// Starts processes that execute a [Program].
final class Launcher implements AutoCloseable {
  private static final String[] ARGV = {"athanor-init"};
  private static final String[] NO_ENV = {};

  private final Arch arch;
  private final Init init;
  private final Life life;
  private final long pass;
  private final ForkServerProgram server;
  private final ConcurrentLinkedDeque<ProgramMemory> unused = new ConcurrentLinkedDeque<>();

  /// A pipe that nobody writes to, whose writing end is open for as long as this JVM lives and the
  /// launcher is open.
  private record Life(int reading, int writing) {}

  private Launcher(Arch arch, Init init, Life life) {
    this.arch = arch;
    this.init = init;
    this.life = life;
    this.pass = new SecureRandom().nextLong();
    this.server = ForkServerProgram.of(Seccomp.filter(arch, pass));
  }

  static Launcher create(Arch arch) throws IOException {
    return new Launcher(arch, Init.create(arch), lifeline());
  }

  private static Life lifeline() throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(JAVA_INT, 2);
      Libc.call(Syscall.PIPE2, ends.address(), Libc.O_CLOEXEC);
      return new Life(
          Libc.aside(ends.getAtIndex(JAVA_INT, 0)), Libc.aside(ends.getAtIndex(JAVA_INT, 1)));
    }
  }

  /// What it loads passes the filter of its fork servers.
  void load(Program program, ProgramMemory memory) throws SyscallException {
    memory.load(program, arch, pass);
  }

  /// The program of a fork server.
  ForkServerProgram server() {
    return server;
  }

  /// Memory that nobody uses; to be given back with [#free].
  ProgramMemory memory() throws SyscallException {
    ProgramMemory memory = unused.poll();
    return memory != null ? memory : ProgramMemory.create();
  }

  void free(ProgramMemory memory) {
    unused.push(memory);
  }

  /// Starts a process that executes `program`.
  ///
  /// @param descriptors those of this process that it is to have as [Fd] says, 0 or -1 for none
  Child start(Program program, ProgramMemory memory, int[] descriptors) throws SyscallException {
    return start(program, memory, descriptors, false);
  }

  /// The same, with the process at the head of a process group of its own.
  Child startGroup(Program program, ProgramMemory memory, int[] descriptors)
      throws SyscallException {
    return start(program, memory, descriptors, true);
  }

  private Child start(Program program, ProgramMemory memory, int[] descriptors, boolean group)
      throws SyscallException {
    load(program, memory);
    int[] fds = new int[Fd.NEXT];
    Arrays.fill(fds, 0, Fd.PROGRAM, -1);
    fds[Fd.PROGRAM] = memory.fd();
    for (int fd = Fd.LIFE; fd < Fd.NEXT; fd++) {
      // Those that are not needed are taken all the same, see Fd.
      fds[fd] = fd < descriptors.length && descriptors[fd] > 0 ? descriptors[fd] : life.reading;
    }
    return Child.of(Libc.spawn(init.path(), ARGV, NO_ENV, fds, group));
  }

  /// To be called when nothing runs.
  @Override
  public void close() {
    unused.forEach(ProgramMemory::close);
    init.close();
    Libc.close(life.writing);
    Libc.close(life.reading);
  }
}
