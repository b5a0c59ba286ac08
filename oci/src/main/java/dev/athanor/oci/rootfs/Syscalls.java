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
    return (int)
        call(
            "open",
            state ->
                (int) Calls.OPENAT.invokeExact(state, directory, path, flags | O_CLOEXEC, mode));
  }

  static void ioctl(int fd, long request, MemorySegment argument) throws IOException {
    call("ioctl", state -> (int) Calls.IOCTL.invokeExact(state, fd, request, argument));
  }

  static int geteuid() {
    try {
      return (int) Calls.GETEUID.invokeExact(STATE.get());
    } catch (Throwable e) {
      throw new AssertionError("geteuid never fails", e);
    }
  }

  static void close(int fd) throws IOException {
    call("close", state -> (int) Calls.CLOSE.invokeExact(state, fd));
  }

  static long read(int fd, MemorySegment bytes) throws IOException {
    return call("read", state -> (long) Calls.READ.invokeExact(state, fd, bytes, bytes.byteSize()));
  }

  /// Writes all of `bytes`.
  static void write(int fd, MemorySegment bytes) throws IOException {
    long at = 0;
    while (at < bytes.byteSize()) {
      MemorySegment rest = bytes.asSlice(at);
      at +=
          call("write", state -> (long) Calls.WRITE.invokeExact(state, fd, rest, rest.byteSize()));
    }
  }

  static void mkdirat(int directory, MemorySegment path, int mode) throws IOException {
    call("mkdir", state -> (int) Calls.MKDIRAT.invokeExact(state, directory, path, mode));
  }

  static void mknodat(int directory, MemorySegment path, int mode, long device) throws IOException {
    call("mknod", state -> (int) Calls.MKNODAT.invokeExact(state, directory, path, mode, device));
  }

  static void symlinkat(MemorySegment target, int directory, MemorySegment path)
      throws IOException {
    call("symlink", state -> (int) Calls.SYMLINKAT.invokeExact(state, target, directory, path));
  }

  /// Follows no symlink at `existing`.
  static void linkat(int directory, MemorySegment existing, MemorySegment path) throws IOException {
    call(
        "link",
        state -> (int) Calls.LINKAT.invokeExact(state, directory, existing, directory, path, 0));
  }

  /// Removes a directory with `AT_REMOVEDIR`, and anything else without.
  static void unlinkat(int directory, MemorySegment path, int flags) throws IOException {
    call("remove", state -> (int) Calls.UNLINKAT.invokeExact(state, directory, path, flags));
  }

  static void fchown(int fd, int uid, int gid) throws IOException {
    call("chown", state -> (int) Calls.FCHOWN.invokeExact(state, fd, uid, gid));
  }

  /// Of the link itself.
  static void lchownat(int directory, MemorySegment path, int uid, int gid) throws IOException {
    call(
        "chown",
        state ->
            (int)
                Calls.FCHOWNAT.invokeExact(state, directory, path, uid, gid, AT_SYMLINK_NOFOLLOW));
  }

  static void fchmod(int fd, int mode) throws IOException {
    call("chmod", state -> (int) Calls.FCHMOD.invokeExact(state, fd, mode));
  }

  /// Must not be called on a symlink, which it would follow.
  static void fchmodat(int directory, MemorySegment path, int mode) throws IOException {
    call("chmod", state -> (int) Calls.FCHMODAT.invokeExact(state, directory, path, mode, 0));
  }

  static void futimens(int fd, MemorySegment times) throws IOException {
    call("utime", state -> (int) Calls.FUTIMENS.invokeExact(state, fd, times));
  }

  /// Of the link itself.
  static void lutimensat(int directory, MemorySegment path, MemorySegment times)
      throws IOException {
    call(
        "utime",
        state ->
            (int) Calls.UTIMENSAT.invokeExact(state, directory, path, times, AT_SYMLINK_NOFOLLOW));
  }

  static void lsetxattr(MemorySegment path, MemorySegment name, MemorySegment value)
      throws IOException {
    call(
        "setxattr",
        state -> (int) Calls.LSETXATTR.invokeExact(state, path, name, value, value.byteSize(), 0));
  }

  static void fsetxattr(int fd, MemorySegment name, MemorySegment value) throws IOException {
    call(
        "setxattr",
        state -> (int) Calls.FSETXATTR.invokeExact(state, fd, name, value, value.byteSize(), 0));
  }

  /// How many bytes the value has; they are in `value` when it is long enough.
  static long lgetxattr(MemorySegment path, MemorySegment name, MemorySegment value)
      throws IOException {
    return call(
        "getxattr",
        state -> (long) Calls.LGETXATTR.invokeExact(state, path, name, value, value.byteSize()));
  }

  /// How many bytes the names have, each ended by a NUL.
  static long llistxattr(MemorySegment path, MemorySegment names) throws IOException {
    return call(
        "listxattr",
        state -> (long) Calls.LLISTXATTR.invokeExact(state, path, names, names.byteSize()));
  }

  static long readlinkat(int directory, MemorySegment path, MemorySegment target)
      throws IOException {
    return call(
        "readlink",
        state ->
            (long) Calls.READLINKAT.invokeExact(state, directory, path, target, target.byteSize()));
  }

  /// Fills `statx`, 256 bytes, with the basic fields; of the link itself.
  static void lstatx(int directory, MemorySegment path, MemorySegment statx) throws IOException {
    int basic = 0x7ff;
    call(
        "stat",
        state ->
            (int)
                Calls.STATX.invokeExact(state, directory, path, AT_SYMLINK_NOFOLLOW, basic, statx));
  }

  /// How many bytes of directory entries were put into `entries`; 0 at the end.
  static long getdents(int fd, MemorySegment entries) throws IOException {
    return call(
        "readdir",
        state -> (long) Calls.GETDENTS.invokeExact(state, fd, entries, entries.byteSize()));
  }

  private interface Call {
    long on(MemorySegment state) throws Throwable;
  }

  /// The result of a call of the C library, which is not negative.
  private static long call(String name, Call call) throws IOException {
    MemorySegment state = STATE.get();
    try {
      long result = call.on(state);
      if (result < 0) {
        throw new ErrnoException(name, (int) ERRNO_VALUE.get(state, 0L));
      }
      return result;
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
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
