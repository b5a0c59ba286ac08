package dev.athanor.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The terminal that controls this JVM, for as long as it is lent to a command. The terminal then
/// sends its signals, such as that of Ctrl-C or of a new size, to the command and not to the JVM.
///
/// @param fd -1 when there is none, or when the JVM runs in its background
/// @param settings those that the terminal had, to be given back whatever the command makes of them
record Terminal(int fd, MemorySegment settings) implements AutoCloseable {
  private static final int O_RDWR = 2;
  private static final int TCGETS = 0x5401;
  private static final int TCSETS = 0x5402;
  private static final int TERMIOS_BYTES = 64;
  private static final int TIOCGPGRP = 0x540f;
  private static final int TIOCSPGRP = 0x5410;
  private static final int SIG_BLOCK = 0;
  private static final int SIG_SETMASK = 2;
  private static final long SIGTTOU = 1L << (22 - 1);

  static Terminal open() {
    try {
      int fd = Libc.open("/dev/tty", O_RDWR);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment group = arena.allocate(JAVA_INT);
        Libc.call(Syscall.IOCTL, fd, TIOCGPGRP, group.address());
        if (group.get(JAVA_INT, 0) == Libc.call(Syscall.GETPGID, 0)) {
          return new Terminal(fd, settings(fd));
        }
      }
      Libc.close(fd);
    } catch (SyscallException e) {
      // Without a terminal there is nothing to lend.
    }
    return none();
  }

  private static MemorySegment settings(int fd) throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment settings = arena.allocate(TERMIOS_BYTES);
      Libc.call(Syscall.IOCTL, fd, TCGETS, settings.address());
      return MemorySegment.ofArray(settings.toArray(JAVA_BYTE));
    }
  }

  /// Whether standard input and output of this process are a terminal.
  static boolean isInputAndOutput() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment settings = arena.allocate(TERMIOS_BYTES);
      Libc.call(Syscall.IOCTL, 0, TCGETS, settings.address());
      Libc.call(Syscall.IOCTL, 1, TCGETS, settings.address());
      return true;
    } catch (SyscallException e) {
      return false;
    }
  }

  static Terminal none() {
    return new Terminal(-1, MemorySegment.NULL);
  }

  boolean present() {
    return fd >= 0;
  }

  /// Takes the terminal back. Whoever does so from the background is stopped by a signal, unless
  /// that is blocked.
  @Override
  public void close() throws SyscallException {
    if (!present()) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment block = arena.allocate(JAVA_LONG);
      MemorySegment before = arena.allocate(JAVA_LONG);
      MemorySegment group = arena.allocate(JAVA_INT);
      block.set(JAVA_LONG, 0, SIGTTOU);
      Libc.call(Syscall.RT_SIGPROCMASK, SIG_BLOCK, block.address(), before.address(), 8);
      group.set(JAVA_INT, 0, (int) Libc.call(Syscall.GETPGID, 0));
      Libc.call(Syscall.IOCTL, fd, TIOCSPGRP, group.address());
      MemorySegment lent = arena.allocate(TERMIOS_BYTES).copyFrom(settings);
      Libc.call(Syscall.IOCTL, fd, TCSETS, lent.address());
      Libc.call(Syscall.RT_SIGPROCMASK, SIG_SETMASK, before.address(), 0, 8);
    } finally {
      Libc.close(fd);
    }
  }
}
