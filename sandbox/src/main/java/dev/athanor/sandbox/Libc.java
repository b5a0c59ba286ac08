package dev.athanor.sandbox;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The C library through the foreign-function API: `syscall`, from which everything else is made,
/// and `posix_spawn`, because a child that shares the JVM's memory until it has become another
/// program cannot be written in Java.
///
/// A call here blocks its platform thread. Never call from a virtual thread what can block.
@SuppressWarnings("restricted")
final class Libc {
  static final int O_RDONLY = 0;
  static final int O_CLOEXEC = 0x80000;
  static final int AT_FDCWD = -100;
  static final int SIGKILL = 9;
  static final int SIGTERM = 15;

  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int F_SETLEASE = 1024;
  private static final int F_RDLCK = 0;
  private static final int F_UNLCK = 2;
  private static final int EAGAIN = 11;

  private static final Arch ARCH = Arch.host().orElseThrow();
  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LOOKUP = LINKER.defaultLookup();
  private static final MemoryLayout ERRNO = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_FIELD =
      ERRNO.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final int EOPNOTSUPP = 95;

  /// Bytes for the names of a file's extended attributes.
  private static final long ATTRIBUTE_NAMES = 1024;

  private static final MethodHandle SYSCALL =
      LINKER.downcallHandle(
          LOOKUP.findOrThrow("syscall"),
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
              JAVA_LONG),
          Linker.Option.firstVariadicArg(1),
          Linker.Option.captureCallState("errno"));

  private static final MethodHandle POSIX_SPAWN =
      function("posix_spawn", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle ACTIONS_INIT =
      function("posix_spawn_file_actions_init", ADDRESS);
  private static final MethodHandle ACTIONS_DUP2 =
      function("posix_spawn_file_actions_adddup2", ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle ACTIONS_DESTROY =
      function("posix_spawn_file_actions_destroy", ADDRESS);

  private static final short POSIX_SPAWN_SETPGROUP = 0x02;
  private static final short POSIX_SPAWN_SETSIGDEF = 0x04;
  private static final short POSIX_SPAWN_SETSIGMASK = 0x08;

  private static final MemorySegment CLEAN = attributes((short) 0);
  private static final MemorySegment CLEAN_IN_A_GROUP = attributes(POSIX_SPAWN_SETPGROUP);

  private Libc() {}

  private static MethodHandle function(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LOOKUP.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  /// What the kernel answers; pointers are passed as addresses.
  ///
  /// @throws SyscallException for any error
  static long call(Syscall syscall, long... arguments) throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(ERRNO);
      long result =
          (long)
              SYSCALL.invokeExact(
                  errno,
                  (long) syscall.number(ARCH),
                  argument(arguments, 0),
                  argument(arguments, 1),
                  argument(arguments, 2),
                  argument(arguments, 3),
                  argument(arguments, 4),
                  argument(arguments, 5));
      if (result == -1) {
        throw new SyscallException(syscall.name(), (int) ERRNO_FIELD.get(errno, 0L));
      }
      return result;
    } catch (SyscallException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static long argument(long[] arguments, int index) {
    return index < arguments.length ? arguments[index] : 0;
  }

  /// A descriptor that no child inherits by accident. It is moved out of the low numbers, at which
  /// children get theirs.
  static int open(String path, int flags) throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      long address = arena.allocateFrom(path).address();
      return aside((int) call(Syscall.OPENAT, AT_FDCWD, address, flags | O_CLOEXEC, 0));
    }
  }

  /// Moves a descriptor to where children do not get theirs.
  static int aside(int fd) throws SyscallException {
    try {
      return (int) call(Syscall.FCNTL, fd, F_DUPFD_CLOEXEC, 64);
    } finally {
      close(fd);
    }
  }

  static void close(int fd) {
    try {
      call(Syscall.CLOSE, fd);
    } catch (SyscallException e) {
      throw new AssertionError("closing descriptor " + fd, e);
    }
  }

  /// A file in memory, empty.
  static int memfd(String name, int flags) throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      return aside((int) call(Syscall.MEMFD_CREATE, arena.allocateFrom(name).address(), flags));
    }
  }

  /// Whether some process, in this moment, has the file open for writing: nobody could execute it.
  /// Asks for a read lease, which the kernel grants on a file without writers only.
  static boolean hasWriters(String path) throws SyscallException {
    int fd = open(path, O_RDONLY);
    try {
      call(Syscall.FCNTL, fd, F_SETLEASE, F_RDLCK);
      call(Syscall.FCNTL, fd, F_SETLEASE, F_UNLCK);
      return false;
    } catch (SyscallException e) {
      // Any other error is a file system without leases, or a file of somebody else.
      return e.errno() == EAGAIN;
    } finally {
      close(fd);
    }
  }

  /// Whether a file has extended attributes of any kind: those of users, access control lists,
  /// capabilities. Labels of security modules do not count, which every file has where there are
  /// any.
  static boolean hasAttributes(String path) throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment names = arena.allocate(ATTRIBUTE_NAMES);
      long length =
          call(
              Syscall.LLISTXATTR,
              arena.allocateFrom(path).address(),
              names.address(),
              ATTRIBUTE_NAMES);
      for (long at = 0; at < length; ) {
        String name = names.getString(at);
        if (!name.equals("security.selinux")) {
          return true;
        }
        at += name.length() + 1;
      }
      return false;
    } catch (SyscallException e) {
      // Too many of them, or a file system that has none.
      return e.errno() != EOPNOTSUPP;
    }
  }

  /// Adds one to the counter behind an eventfd.
  static void signalEvent(int fd) throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      call(Syscall.WRITE, fd, arena.allocateFrom(JAVA_LONG, 1).address(), 8);
    }
  }

  /// Starts `program` with default signals, and with `fds[i]` as its descriptor `i` where that is
  /// not negative; the other descriptors it inherits are those without close-on-exec.
  ///
  /// @param group whether it leads a process group of its own
  /// @return its process id; the caller must wait for it
  static int spawn(String program, String[] argv, String[] env, int[] fds, boolean group)
      throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      // glibc needs 80 bytes and musl fewer.
      MemorySegment actions = arena.allocate(256, 8);
      int _ = (int) ACTIONS_INIT.invokeExact(actions);
      try {
        for (int i = 0; i < fds.length; i++) {
          if (fds[i] >= 0) {
            int _ = (int) ACTIONS_DUP2.invokeExact(actions, fds[i], i);
          }
        }
        MemorySegment pid = arena.allocate(JAVA_INT);
        MemorySegment attributes = group ? CLEAN_IN_A_GROUP : CLEAN;
        int error =
            (int)
                POSIX_SPAWN.invokeExact(
                    pid,
                    arena.allocateFrom(program),
                    actions,
                    attributes,
                    pointers(arena, argv),
                    pointers(arena, env));
        if (error != 0) {
          throw new SyscallException("posix_spawn " + program, error);
        }
        return pid.get(JAVA_INT, 0);
      } finally {
        int _ = (int) ACTIONS_DESTROY.invokeExact(actions);
      }
    } catch (SyscallException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static MemorySegment pointers(Arena arena, String[] strings) {
    MemorySegment array = arena.allocate(ADDRESS, strings.length + 1L);
    for (int i = 0; i < strings.length; i++) {
      array.setAtIndex(ADDRESS, i, arena.allocateFrom(strings[i]));
    }
    return array;
  }

  /// Attributes that give a child no blocked and no ignored signals, whatever the JVM was started
  /// with, and what further `flags` say.
  private static MemorySegment attributes(short flags) {
    MemorySegment attributes = Arena.global().allocate(512, 8);
    MemorySegment all = Arena.global().allocate(128, 8).fill((byte) 0xff);
    MemorySegment none = Arena.global().allocate(128, 8);
    try {
      int _ = (int) function("posix_spawnattr_init", ADDRESS).invokeExact(attributes);
      int _ =
          (int)
              function("posix_spawnattr_setsigdefault", ADDRESS, ADDRESS)
                  .invokeExact(attributes, all);
      int _ =
          (int)
              function("posix_spawnattr_setsigmask", ADDRESS, ADDRESS)
                  .invokeExact(attributes, none);
      int _ =
          (int)
              function("posix_spawnattr_setflags", ADDRESS, JAVA_SHORT)
                  .invokeExact(
                      attributes, (short) (flags | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK));
      return attributes;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
