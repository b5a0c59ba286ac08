package dev.athanor.oci.rootfs;

import dev.athanor.oci.layer.EntryPath;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// An open directory, and paths in it as the kernel wants them.
final class LinuxPaths implements AutoCloseable {
  /// Room for one path; each thread has two of them, and one buffer.
  private static final int PATH_BYTES = 4096 + 64;

  static final int BUFFER_BYTES = 64 * 1024;

  private static final long FS_IOC_GETFLAGS = 0x80086601L;
  private static final long FS_IOC_SETFLAGS = 0x40086602L;
  private static final int FS_TOPDIR_FL = 0x00020000;

  private final int fd;
  private final byte[] prefix;

  LinuxPaths(Path root) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(root.toAbsolutePath().toString());
      this.fd =
          Syscalls.openat(Syscalls.AT_FDCWD, path, Syscalls.O_RDONLY | Syscalls.O_DIRECTORY, 0);
    }
    this.prefix = ("/proc/self/fd/" + fd + "/").getBytes(StandardCharsets.US_ASCII);
  }

  int fd() {
    return fd;
  }

  /// Sets the flag that `chattr +T` sets: of the directories below, ext4 gives each its own region.
  void markAsTop() throws IOException {
    MemorySegment flags = scratch().small();
    flags.set(ValueLayout.JAVA_LONG, 0, 0);
    Syscalls.ioctl(fd, FS_IOC_GETFLAGS, flags);
    flags.set(ValueLayout.JAVA_INT, 0, flags.get(ValueLayout.JAVA_INT, 0) | FS_TOPDIR_FL);
    Syscalls.ioctl(fd, FS_IOC_SETFLAGS, flags);
  }

  /// Native memory of the calling thread; what was put there last time is overwritten.
  static Scratch scratch() {
    return SCRATCH.get();
  }

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  static final class Scratch {
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment first = arena.allocate(PATH_BYTES);
    private final MemorySegment second = arena.allocate(PATH_BYTES);
    private final MemorySegment small = arena.allocate(256, 8);
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, 8);

    private Scratch() {}

    MemorySegment path(EntryPath path) {
      return put(first, new byte[0], path.isRoot() ? new byte[] {'.'} : path.bytes());
    }

    MemorySegment otherPath(EntryPath path) {
      return put(second, new byte[0], path.bytes());
    }

    MemorySegment text(byte[] bytes) {
      return put(second, new byte[0], bytes);
    }

    MemorySegment small() {
      return small;
    }

    MemorySegment buffer() {
      return buffer;
    }

    private static MemorySegment put(MemorySegment to, byte[] prefix, byte[] bytes) {
      MemorySegment.copy(prefix, 0, to, ValueLayout.JAVA_BYTE, 0, prefix.length);
      MemorySegment.copy(bytes, 0, to, ValueLayout.JAVA_BYTE, prefix.length, bytes.length);
      to.set(ValueLayout.JAVA_BYTE, prefix.length + (long) bytes.length, (byte) 0);
      return to;
    }
  }

  /// A name that works without the open directory: for calls that take no descriptor.
  MemorySegment absolute(EntryPath path) {
    return Scratch.put(scratch().first, prefix, path.isRoot() ? new byte[] {'.'} : path.bytes());
  }

  @Override
  public void close() throws IOException {
    Syscalls.close(fd);
  }
}
