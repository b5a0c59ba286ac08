package dev.athanor.oci.rootfs;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.athanor.oci.layer.EntryPath;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Locale;

/// The calls of the C library that the JDK has no way to make: names as bytes, owners by number,
/// extended attributes of every kind, devices, times of links.
///
/// Each call that fails throws an [ErrnoException]. Only for Linux on 64 bits, little-endian.
final class Syscalls {
  static final int O_WRONLY = 1;
  static final int O_RDONLY = 0;
  static final int O_CREAT = 0100;
  static final int O_EXCL = 0200;
  static final int O_CLOEXEC = 02000000;
  static final int O_DIRECTORY;
  static final int O_NOFOLLOW;
  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_REMOVEDIR = 0x200;

  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EACCES = 13;
  static final int ENODATA = 61;
  static final int ENOTSUP = 95;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final VarHandle ERRNO_VALUE =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final boolean AVAILABLE;

  static {
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    boolean arm = arch.equals("aarch64");
    // The two architectures swapped these flags.
    O_DIRECTORY = arm ? 040000 : 0200000;
    O_NOFOLLOW = arm ? 0100000 : 0400000;
    AVAILABLE = System.getProperty("os.name").equals("Linux") && (arm || arch.equals("amd64"));
  }

  private Syscalls() {}

  /// Whether these calls can be made here.
  static boolean available() {
    return AVAILABLE;
  }

  /// A call that failed, and why.
  static final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1;

    private final int errno;

    ErrnoException(String call, int errno) {
      super(call + ": " + message(errno));
      this.errno = errno;
    }

    int errno() {
      return errno;
    }

    /// The same for people, who want to know where.
    IOException at(EntryPath path) {
      return new IOException(path + ": " + getMessage(), this);
    }
  }

  /// Handles, found when first needed: another system may not have them.
  @SuppressWarnings("restricted")
  private static final class Calls {
    static final MethodHandle OPENAT =
        variadic(3, "openat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    static final MethodHandle CLOSE = handle("close", JAVA_INT, JAVA_INT);
    static final MethodHandle READ = handle("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    static final MethodHandle WRITE = handle("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    static final MethodHandle MKDIRAT = handle("mkdirat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle MKNODAT =
        handle("mknodat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG);
    static final MethodHandle SYMLINKAT = handle("symlinkat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
    static final MethodHandle LINKAT =
        handle("linkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle FCHOWN = handle("fchown", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle FCHOWNAT =
        handle("fchownat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle FCHMOD = handle("fchmod", JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle FCHMODAT =
        handle("fchmodat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    static final MethodHandle FUTIMENS = handle("futimens", JAVA_INT, JAVA_INT, ADDRESS);
    static final MethodHandle UTIMENSAT =
        handle("utimensat", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    static final MethodHandle LSETXATTR =
        handle("lsetxattr", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);
    static final MethodHandle FSETXATTR =
        handle("fsetxattr", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);
    static final MethodHandle LGETXATTR =
        handle("lgetxattr", JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    static final MethodHandle LLISTXATTR =
        handle("llistxattr", JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG);
    static final MethodHandle READLINKAT =
        handle("readlinkat", JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    static final MethodHandle STATX =
        handle("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    static final MethodHandle UNLINKAT = handle("unlinkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle GETDENTS =
        handle("getdents64", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

    static final MethodHandle IOCTL = variadic(2, "ioctl", JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    static final MethodHandle GETEUID = handle("geteuid", JAVA_INT);

    private Calls() {}

    private static MethodHandle handle(String name, ValueLayout result, ValueLayout... parameters) {
      return LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow(name),
          FunctionDescriptor.of(result, parameters),
          ERRNO);
    }

    private static MethodHandle variadic(
        int fixed, String name, ValueLayout result, ValueLayout... parameters) {
      return LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow(name),
          FunctionDescriptor.of(result, parameters),
          ERRNO,
          Linker.Option.firstVariadicArg(fixed));
    }
  }

  private static final ThreadLocal<MemorySegment> STATE =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

  static int openat(int directory, MemorySegment path, int flags, int mode) throws IOException {
    MemorySegment state = STATE.get();
    try {
      int fd = (int) Calls.OPENAT.invokeExact(state, directory, path, flags | O_CLOEXEC, mode);
      check("open", fd, state);
      return fd;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static void ioctl(int fd, long request, MemorySegment argument) throws IOException {
    MemorySegment state = STATE.get();
    try {
      check("ioctl", (int) Calls.IOCTL.invokeExact(state, fd, request, argument), state);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static int geteuid() {
    try {
      return (int) Calls.GETEUID.invokeExact(STATE.get());
    } catch (Throwable e) {
      throw new AssertionError("geteuid never fails", e);
    }
  }

  static void close(int fd) throws IOException {
    MemorySegment state = STATE.get();
    try {
      check("close", (int) Calls.CLOSE.invokeExact(state, fd), state);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static long read(int fd, MemorySegment bytes) throws IOException {
    MemorySegment state = STATE.get();
    try {
      long n = (long) Calls.READ.invokeExact(state, fd, bytes, bytes.byteSize());
      check("read", n, state);
      return n;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /// Writes all of `bytes`.
  static void write(int fd, MemorySegment bytes) throws IOException {
    MemorySegment state = STATE.get();
    try {
      long at = 0;
      while (at < bytes.byteSize()) {
        MemorySegment rest = bytes.asSlice(at);
        long n = (long) Calls.WRITE.invokeExact(state, fd, rest, rest.byteSize());
        check("write", n, state);
        at += n;
      }
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static void mkdirat(int directory, MemorySegment path, int mode) throws IOException {
    MemorySegment state = STATE.get();
    try {
      check("mkdir", (int) Calls.MKDIRAT.invokeExact(state, directory, path, mode), state);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static void mknodat(int directory, MemorySegment path, int mode, long device) throws IOException {
    MemorySegment state = STATE.get();
    try {
      check("mknod", (int) Calls.MKNODAT.invokeExact(state, directory, path, mode, device), state);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static void symlinkat(MemorySegment target, int directory, MemorySegment path)
      throws IOException {
    MemorySegment state = STATE.get();
    try {
      check("symlink", (int) Calls.SYMLINKAT.invokeExact(state, target, directory, path), state);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /// Follows no symlink at `existing`.
  static void linkat(int directory, MemorySegment existing, MemorySegment path) throws IOException {
    MemorySegment state = STATE.get();
    try {
      check(
          "link",
          (int) Calls.LINKAT.invokeExact(state, directory, existing, directory, path, 0),
          state);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /// Removes a directory with `AT_REMOVEDIR`, and anything else without.
  static void unlinkat(int directory, MemorySegment path, int flags) throws IOException {
    MemorySegment state = STATE.get();
    try {
      check("remove", (int) Calls.UNLINKAT.invokeExact(state, directory, path, flags), state);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static void fchown(int fd, int uid, int gid) throws IOException {
    MemorySegment state = STATE.get();
    try {
      check("chown", (int) Calls.FCHOWN.invokeExact(state, fd, uid, gid), state);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /// Of the link itself.
  static void lchownat(int directory, MemorySegment path, int uid, int gid) throws IOException {
    MemorySegment state = STATE.get();
    try {
      check(
          "chown",
          (int) Calls.FCHOWNAT.invokeExact(state, directory, path, uid, gid, AT_SYMLINK_NOFOLLOW),
          state);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static void fchmod(int fd, int mode) throws IOException {
    MemorySegment state = STATE.get();
    try {
      check("chmod", (int) Calls.FCHMOD.invokeExact(state, fd, mode), state);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /// Must not be called on a symlink, which it would follow.
  static void fchmodat(int directory, MemorySegment path, int mode) throws IOException {
    MemorySegment state = STATE.get();
    try {
      check("chmod", (int) Calls.FCHMODAT.invokeExact(state, directory, path, mode, 0), state);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static void futimens(int fd, MemorySegment times) throws IOException {
    MemorySegment state = STATE.get();
    try {
      check("utime", (int) Calls.FUTIMENS.invokeExact(state, fd, times), state);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /// Of the link itself.
  static void lutimensat(int directory, MemorySegment path, MemorySegment times)
      throws IOException {
    MemorySegment state = STATE.get();
    try {
      check(
          "utime",
          (int) Calls.UTIMENSAT.invokeExact(state, directory, path, times, AT_SYMLINK_NOFOLLOW),
          state);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static void lsetxattr(MemorySegment path, MemorySegment name, MemorySegment value)
      throws IOException {
    MemorySegment state = STATE.get();
    try {
      check(
          "setxattr",
          (int) Calls.LSETXATTR.invokeExact(state, path, name, value, value.byteSize(), 0),
          state);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static void fsetxattr(int fd, MemorySegment name, MemorySegment value) throws IOException {
    MemorySegment state = STATE.get();
    try {
      check(
          "setxattr",
          (int) Calls.FSETXATTR.invokeExact(state, fd, name, value, value.byteSize(), 0),
          state);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /// How many bytes the value has; they are in `value` when it is long enough.
  static long lgetxattr(MemorySegment path, MemorySegment name, MemorySegment value)
      throws IOException {
    MemorySegment state = STATE.get();
    try {
      long n = (long) Calls.LGETXATTR.invokeExact(state, path, name, value, value.byteSize());
      check("getxattr", n, state);
      return n;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /// How many bytes the names have, each ended by a NUL.
  static long llistxattr(MemorySegment path, MemorySegment names) throws IOException {
    MemorySegment state = STATE.get();
    try {
      long n = (long) Calls.LLISTXATTR.invokeExact(state, path, names, names.byteSize());
      check("listxattr", n, state);
      return n;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static long readlinkat(int directory, MemorySegment path, MemorySegment target)
      throws IOException {
    MemorySegment state = STATE.get();
    try {
      long n =
          (long) Calls.READLINKAT.invokeExact(state, directory, path, target, target.byteSize());
      check("readlink", n, state);
      return n;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /// Fills `statx`, 256 bytes, with the basic fields; of the link itself.
  static void lstatx(int directory, MemorySegment path, MemorySegment statx) throws IOException {
    int basic = 0x7ff;
    MemorySegment state = STATE.get();
    try {
      check(
          "stat",
          (int) Calls.STATX.invokeExact(state, directory, path, AT_SYMLINK_NOFOLLOW, basic, statx),
          state);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /// How many bytes of directory entries were put into `entries`; 0 at the end.
  static long getdents(int fd, MemorySegment entries) throws IOException {
    MemorySegment state = STATE.get();
    try {
      long n = (long) Calls.GETDENTS.invokeExact(state, fd, entries, entries.byteSize());
      check("readdir", n, state);
      return n;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  private static void check(String call, long result, MemorySegment state) throws IOException {
    if (result < 0) {
      throw new ErrnoException(call, (int) ERRNO_VALUE.get(state, 0L));
    }
  }

  /// What a method handle may throw, as what these methods do.
  private static IOException rethrown(Throwable e) {
    return switch (e) {
      case IOException io -> io;
      case RuntimeException ours -> throw ours;
      case Error error -> throw error;
      default -> throw new AssertionError(e);
    };
  }

  private static String message(int errno) {
    return switch (errno) {
      case EPERM -> "operation not permitted";
      case ENOENT -> "no such file or directory";
      case EACCES -> "permission denied";
      case ENODATA -> "no such attribute";
      case ENOTSUP -> "not supported by this file system";
      case 17 -> "file exists";
      case 20 -> "not a directory";
      case 22 -> "invalid argument";
      case 24 -> "too many open files";
      case 28 -> "no space left on device";
      case 30 -> "read-only file system";
      case 36 -> "file name too long";
      default -> "error " + errno;
    };
  }
}
