package dev.athanor.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What a thread that traces processes asks of the kernel. Only the thread that made it may use it:
/// the kernel takes requests from no other.
final class Ptrace implements AutoCloseable {
  // Ways to resume.
  static final int CONT = 7;
  static final int SYSCALL = 24;
  static final int LISTEN = 0x4208;

  private static final int POKEUSER = 6;
  private static final int GETEVENTMSG = 0x4201;
  private static final int GETREGSET = 0x4204;
  private static final int SETREGSET = 0x4205;
  private static final int SEIZE = 0x4206;
  private static final int GET_SYSCALL_INFO = 0x420e;

  /// TRACESYSGOOD, TRACEFORK, TRACEVFORK, TRACECLONE, TRACEEXEC, TRACESECCOMP, EXITKILL.
  private static final int OPTIONS = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x80 | 0x100000;

  private static final int WALL = 0x40000000;
  private static final int NO_THREAD = 0x20000000;

  // Offsets of registers on x86-64.
  private static final int RAX = 80;
  private static final int ORIG_RAX = 120;

  // Sets of registers on aarch64.
  private static final int NT_PRSTATUS = 1;
  private static final int NT_ARM_SYSTEM_CALL = 0x404;
  private static final int ARM_REGISTERS = 34 * 8;

  private static final int NO_CALL = -1;
  private static final int INFO_SIZE = 88;
  private static final int INFO_SECCOMP = 3;

  private final Arch arch;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment word = arena.allocate(8, 8);
  private final MemorySegment info = arena.allocate(INFO_SIZE, 8);
  private final MemorySegment here = arena.allocate(16, 8);
  private final MemorySegment there = arena.allocate(16, 8);
  private final MemorySegment registers = arena.allocate(ARM_REGISTERS, 8);
  private MemorySegment buffer = arena.allocate(1 << 16, 8);

  Ptrace(Arch arch) {
    this.arch = arch;
  }

  @Override
  public void close() {
    arena.close();
  }

  /// Begins to trace a process and all that it starts, without stopping it. When this thread ends,
  /// they are killed.
  void seize(int pid) throws SyscallException {
    Libc.call(Syscall.PTRACE, SEIZE, pid, 0, OPTIONS);
  }

  /// Waits until any of those that this thread traces stops or ends.
  ///
  /// @return its number
  /// @throws SyscallException ECHILD when nobody is left
  int await() throws SyscallException {
    while (true) {
      try {
        return (int) Libc.call(Syscall.WAIT4, -1, word.address(), WALL | NO_THREAD, 0);
      } catch (SyscallException e) {
        if (e.errno() != SyscallException.EINTR) {
          throw e;
        }
      }
    }
  }

  /// What the last wait told, in the encoding of `wait4`.
  int status() {
    return word.get(JAVA_INT, 0);
  }

  void resume(int pid, int how, int signal) throws SyscallException {
    Libc.call(Syscall.PTRACE, how, pid, 0, signal);
  }

  /// The number that comes with an event.
  int message(int pid) throws SyscallException {
    Libc.call(Syscall.PTRACE, GETEVENTMSG, pid, 0, word.address());
    return (int) word.get(JAVA_LONG, 0);
  }

  /// Looks at why and where a process stopped, for the methods below.
  void look(int pid) throws SyscallException {
    info.set(JAVA_BYTE, 0, (byte) 0);
    Libc.call(Syscall.PTRACE, GET_SYSCALL_INFO, pid, INFO_SIZE, info.address());
  }

  /// Whether it is at a filtered call in the convention of this processor.
  boolean atCall() {
    return info.get(JAVA_BYTE, 0) == INFO_SECCOMP
        && info.get(JAVA_INT, 4) == SeccompFilter.auditArchitecture(arch);
  }

  long stackPointer() {
    return info.get(JAVA_LONG, 16);
  }

  int number() {
    return (int) info.get(JAVA_LONG, 24);
  }

  long argument(int index) {
    return info.get(JAVA_LONG, 32 + 8L * index);
  }

  /// What a call answered, once it has.
  long result() {
    return info.get(JAVA_LONG, 24);
  }

  /// What is read from and written to processes.
  MemorySegment buffer(long size) {
    if (buffer.byteSize() < size) {
      buffer = arena.allocate(size, 8);
    }
    return buffer;
  }

  /// Copies a process's memory into the buffer.
  ///
  /// @return how much could be read of it
  int read(int pid, long address, int size) throws SyscallException {
    vectors(address, size);
    return (int) Libc.call(Syscall.PROCESS_VM_READV, pid, here.address(), 1, there.address(), 1, 0);
  }

  /// Copies the buffer into a process's memory.
  ///
  /// @throws SyscallException EFAULT when not all of that is memory that it may write to
  void write(int pid, long address, int size) throws SyscallException {
    vectors(address, size);
    if (Libc.call(Syscall.PROCESS_VM_WRITEV, pid, here.address(), 1, there.address(), 1, 0)
        < size) {
      throw new SyscallException("writing to a traced process", SyscallException.EFAULT);
    }
  }

  private void vectors(long address, int size) {
    here.set(JAVA_LONG, 0, buffer(size).address());
    here.set(JAVA_LONG, 8, size);
    there.set(JAVA_LONG, 0, address);
    there.set(JAVA_LONG, 8, size);
  }

  /// Has a process that is at a call go on as if the call had answered this.
  void answer(int pid, long result) throws SyscallException {
    switch (arch) {
      case X86_64 -> {
        Libc.call(Syscall.PTRACE, POKEUSER, pid, ORIG_RAX, NO_CALL);
        Libc.call(Syscall.PTRACE, POKEUSER, pid, RAX, result);
      }
      case AARCH64 -> {
        registers.set(JAVA_INT, 0, NO_CALL);
        registers(SETREGSET, pid, NT_ARM_SYSTEM_CALL, 4);
        registers(GETREGSET, pid, NT_PRSTATUS, ARM_REGISTERS);
        registers.set(JAVA_LONG, 0, result);
        registers(SETREGSET, pid, NT_PRSTATUS, ARM_REGISTERS);
      }
    }
  }

  private void registers(int request, int pid, int set, long size) throws SyscallException {
    here.set(JAVA_LONG, 0, registers.address());
    here.set(JAVA_LONG, 8, size);
    Libc.call(Syscall.PTRACE, request, pid, set, here.address());
  }
}
