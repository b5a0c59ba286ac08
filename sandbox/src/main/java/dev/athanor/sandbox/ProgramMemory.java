package dev.athanor.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.athanor.engine.exec.Exit.Cause;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.sandbox.Program.Slot;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/// Memory that the JVM shares with the processes of one [Program] at a time: it holds the program
/// while they run, and what they report afterwards.
///
/// Its pages are made when they are first touched, so the size costs nothing.
@SuppressWarnings("restricted")
final class ProgramMemory implements AutoCloseable {
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;
  private static final int MFD_CLOEXEC = 1;

  private final int fd;
  private final MemorySegment memory;

  private ProgramMemory(int fd, MemorySegment memory) {
    this.fd = fd;
    this.memory = memory;
  }

  static ProgramMemory create() throws SyscallException {
    int fd = Libc.memfd("athanor-program", MFD_CLOEXEC);
    Libc.call(Syscall.FTRUNCATE, fd, Program.MAX_SIZE);
    long address = Libc.call(Syscall.MMAP, 0, Program.MAX_SIZE, PROT_READ_WRITE, MAP_SHARED, fd, 0);
    return new ProgramMemory(fd, MemorySegment.ofAddress(address).reinterpret(Program.MAX_SIZE));
  }

  @Override
  public void close() {
    try {
      Libc.call(Syscall.MUNMAP, memory.address(), Program.MAX_SIZE);
    } catch (SyscallException e) {
      throw new AssertionError(e);
    }
    Libc.close(fd);
  }

  /// What a process maps to execute the program.
  int fd() {
    return fd;
  }

  void load(Program program, Arch arch, long pass) throws SyscallException {
    program.write(memory, arch, pass);
  }

  long get(Slot slot) {
    return memory.get(JAVA_LONG, slot.address() - Program.BASE);
  }

  /// The process that the first one left behind, or 0.
  int childPid() {
    return (int) get(Slot.CHILD);
  }

  /// Waits until the command does for being traced.
  ///
  /// @return false when it is not to be traced any more
  boolean awaitTracee() throws SyscallException {
    while (get(Slot.TRACED) == 0) {
      try {
        Libc.call(Syscall.FUTEX, address(Slot.TRACED), Calls.FUTEX_WAIT, 0, 0);
      } catch (SyscallException e) {
        if (e.errno() != SyscallException.EINTR && e.errno() != SyscallException.EAGAIN) {
          throw e;
        }
      }
    }
    return get(Slot.TRACED) == Calls.TO_BE_TRACED;
  }

  /// Lets the command go on that waits for being traced, and whoever waits for that.
  void letTraceeGo() throws SyscallException {
    memory.set(JAVA_LONG, Slot.TRACED.address() - Program.BASE, Calls.TRACED);
    Libc.call(Syscall.FUTEX, address(Slot.TRACED), Calls.FUTEX_WAKE, Integer.MAX_VALUE);
  }

  private long address(Slot slot) {
    return memory.address() + slot.address() - Program.BASE;
  }

  /// Why the program did not get to its end, once its process has ended.
  IOException failure(Program program, Child.Ended ended) {
    long step = get(Slot.FAILED_STEP);
    return step == 0
        ? new IOException("the sandbox's own process " + Child.Ended.cause(ended.status()))
        : new SyscallException("sandbox: " + program.step(step), (int) -get(Slot.RESULT));
  }

  /// How the command ended.
  Cause cause(Spawn spawn) throws IOException {
    return get(Slot.NOT_FOUND) != 0
        ? notExecuted(spawn, (int) -get(Slot.EXEC))
        : Child.Ended.cause((int) get(Slot.STATUS));
  }

  /// As a shell would: 127 when there is no such program, 126 when it cannot be executed, and the
  /// reason among the errors it printed.
  private static Cause notExecuted(Spawn spawn, int errno) throws IOException {
    int reason = errno == 0 ? SyscallException.ENOENT : errno;
    String message = new SyscallException(spawn.argv().getFirst(), reason).getMessage() + "\n";
    switch (spawn.stdio()) {
      case Spawn.Stdio.Files(_, var stderr) ->
          Files.writeString(stderr, message, StandardOpenOption.APPEND);
      case Spawn.Stdio.Inherited() -> {
        try (OutputStream stderr = new FileOutputStream(FileDescriptor.err)) {
          stderr.write(message.getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return new Cause.Code(reason == SyscallException.ENOENT ? 127 : 126);
  }
}
