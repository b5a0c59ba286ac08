package dev.athanor.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.athanor.engine.exec.Exit.Cause;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/// A child process of this JVM that the JDK knows nothing of. The thread that started it waits for
/// it; any thread may signal it at any time.
///
/// It is named by a descriptor rather than a number, so that a signal never meets another process
/// that got the number after it.
final class Child {
  private static final int POLLIN = 1;
  private static final int WUNTRACED = 2;
  private static final int WALL = 0x40000000;
  private static final int RUSAGE_SIZE = 144;
  private static final int P_PID = 1;
  private static final int P_PGID = 2;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x01000000;
  private static final int SIGINFO_SIZE = 128;
  private static final int SI_PID = 16;
  private static final int ECHILD = 10;

  private final int pid;
  private final int pidfd;
  private boolean reaped;

  private Child(int pid, int pidfd) {
    this.pid = pid;
    this.pidfd = pidfd;
  }

  /// Takes charge of a child of this process that nobody else waits for.
  static Child of(int pid) throws SyscallException {
    try {
      return new Child(pid, (int) Libc.call(Syscall.PIDFD_OPEN, pid, 0));
    } catch (SyscallException e) {
      Libc.call(Syscall.KILL, pid, Libc.SIGKILL);
      Ended _ = reap(pid);
      throw e;
    }
  }

  int pid() {
    return pid;
  }

  synchronized void signal(int number) {
    if (!reaped) {
      try {
        Libc.call(Syscall.PIDFD_SEND_SIGNAL, pidfd, number, 0, 0);
      } catch (SyscallException e) {
        // It is dead already, and only waits to be reaped.
        if (e.errno() != SyscallException.ESRCH) {
          throw new AssertionError(e);
        }
      }
    }
  }

  /// Whether it ends within that time.
  boolean awaitEnd(Duration time) throws SyscallException {
    long end = System.nanoTime() + time.toNanos();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment poll = arena.allocate(8, 8);
      MemorySegment timeout = arena.allocate(16, 8);
      while (true) {
        long left = Math.max(0, end - System.nanoTime());
        poll.set(JAVA_INT, 0, pidfd);
        poll.set(JAVA_INT, 4, POLLIN);
        timeout.set(JAVA_LONG, 0, left / 1_000_000_000);
        timeout.set(JAVA_LONG, 8, left % 1_000_000_000);
        try {
          if (Libc.call(Syscall.PPOLL, poll.address(), 1, timeout.address(), 0, 0) > 0) {
            return true;
          }
          return false;
        } catch (SyscallException e) {
          if (e.errno() != SyscallException.EINTR) {
            throw e;
          }
        }
      }
    }
  }

  /// Waits until it ends, and gives back its number to the kernel.
  Ended await() throws SyscallException {
    return wait(0);
  }

  void kill() {
    signal(Libc.SIGKILL);
  }

  /// Kills it, unless it was waited for to its end.
  void end() throws SyscallException {
    if (!reaped) {
      kill();
      Ended _ = await();
    }
  }

  /// Waits until it stops itself, or ends.
  Ended awaitStop() throws SyscallException {
    return wait(WUNTRACED);
  }

  private Ended wait(int options) throws SyscallException {
    Ended ended = reap(pid, options);
    if (!ended.stopped()) {
      close();
    }
    return ended;
  }

  /// Takes what is left of a child that has ended, or waits for that, and gives its number back to
  /// the kernel.
  static Ended reap(int pid) throws SyscallException {
    return reap(pid, 0);
  }

  /// Kills all in a process group, if there are any.
  static void killGroup(int group) throws SyscallException {
    try {
      Libc.call(Syscall.KILL, -group, Libc.SIGKILL);
    } catch (SyscallException e) {
      if (e.errno() != SyscallException.ESRCH) {
        throw e;
      }
    }
  }

  /// Takes what is left of any child in a process group, as soon as there is one.
  ///
  /// @return false when there is none
  static boolean reapAny(int group) throws SyscallException {
    try {
      Ended _ = reap(-group);
      return true;
    } catch (SyscallException e) {
      if (e.errno() == ECHILD) {
        return false;
      }
      throw e;
    }
  }

  private static Ended reap(int pid, int options) throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      MemorySegment usage = arena.allocate(RUSAGE_SIZE, 8);
      while (true) {
        try {
          Libc.call(Syscall.WAIT4, pid, status.address(), options | WALL, usage.address());
          return new Ended(status.get(JAVA_INT, 0), usage.get(JAVA_LONG, 32) * 1024);
        } catch (SyscallException e) {
          if (e.errno() != SyscallException.EINTR) {
            throw e;
          }
        }
      }
    }
  }

  /// Waits until a child in that process group has ended, and leaves it to be reaped.
  static int awaitAnyOf(int group) throws SyscallException {
    return awaitId(P_PGID, group);
  }

  /// The same for the child of that number.
  static int awaitNumber(int pid) throws SyscallException {
    return awaitId(P_PID, pid);
  }

  /// Whether it has not ended.
  boolean alive() throws SyscallException {
    return !reaped && !awaitEnd(Duration.ZERO);
  }

  private static int awaitId(int kind, int id) throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(SIGINFO_SIZE, 8);
      while (true) {
        try {
          Libc.call(Syscall.WAITID, kind, id, info.address(), WEXITED | WNOWAIT | WALL, 0);
          return info.get(JAVA_INT, SI_PID);
        } catch (SyscallException e) {
          if (e.errno() != SyscallException.EINTR) {
            throw e;
          }
        }
      }
    }
  }

  private synchronized void close() {
    reaped = true;
    if (pidfd >= 0) {
      Libc.close(pidfd);
    }
  }

  /// How a process ended, or that it stopped.
  ///
  /// @param status in the encoding of `wait4`
  record Ended(int status, long maxRssBytes) {
    boolean stopped() {
      return (status & 0xff) == 0x7f;
    }

    static Cause cause(int status) {
      int signal = status & 0x7f;
      return signal == 0 ? new Cause.Code(status >> 8 & 0xff) : new Cause.Signal(signal);
    }
  }
}
