package dev.athanor.oci.rootfs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.BulkInput;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.DeviceNumber;
import dev.athanor.oci.layer.EntryName;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.rootfs.LinuxPaths.Scratch;
import dev.athanor.oci.rootfs.Syscalls.ErrnoException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads through the kernel, relative to the open root.
final class LinuxReader implements DiskReader {
  private static final int DIRECTORY =
      Syscalls.O_RDONLY | Syscalls.O_DIRECTORY | Syscalls.O_NOFOLLOW;

  private final LinuxPaths root;
  private final boolean isRoot = Syscalls.geteuid() == 0;

  /// Files and directories of ours that we may not read, with their own mode.
  private final SequencedMap<EntryPath, Integer> opened = new LinkedHashMap<>();

  LinuxReader(Path root) throws IOException {
    this.root = new LinuxPaths(root);
  }

  @Override
  public List<EntryName> list(EntryPath directory) throws IOException {
    Scratch scratch = LinuxPaths.scratch();
    List<EntryName> names = new ArrayList<>();
    int fd = openAnyway(directory, DIRECTORY);
    try {
      MemorySegment buffer = scratch.buffer();
      long length = Syscalls.getdents(fd, buffer);
      while (length > 0) {
        names(buffer.asSlice(0, length), names);
        length = Syscalls.getdents(fd, buffer);
      }
    } finally {
      Syscalls.close(fd);
    }
    return names;
  }

  /// `struct linux_dirent64`: inode 8, offset 8, length 2, type 1, then the name and a NUL.
  private static void names(MemorySegment entries, List<EntryName> names) {
    long at = 0;
    while (at < entries.byteSize()) {
      int start = 19;
      int end = start;
      while (entries.get(JAVA_BYTE, at + end) != 0) {
        end++;
      }
      byte[] name = entries.asSlice(at + start, end - start).toArray(JAVA_BYTE);
      boolean dots = name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
      if (!dots) {
        names.add(EntryName.of(name));
      }
      at += entries.get(JAVA_SHORT, at + 16) & 0xffff;
    }
  }

  /// `struct statx`, whose layout is the same everywhere.
  @Override
  public Stat stat(EntryPath path) throws IOException {
    Scratch scratch = LinuxPaths.scratch();
    MemorySegment statx = scratch.small();
    Syscalls.lstatx(root.fd(), scratch.path(path), statx);
    int mode = statx.get(JAVA_SHORT, 28) & 0xffff;
    Instant mtime = Instant.ofEpochSecond(statx.get(JAVA_LONG, 112), statx.get(JAVA_INT, 120));
    Attributes attributes =
        Attributes.of(
            mode & Attributes.MODE_BITS,
            Integer.toUnsignedLong(statx.get(JAVA_INT, 20)),
            Integer.toUnsignedLong(statx.get(JAVA_INT, 24)),
            mtime);
    DeviceNumber.Kind kind =
        mode >>> 12 == 6 ? DeviceNumber.Kind.BLOCK : DeviceNumber.Kind.CHARACTER;
    return new Stat(
        kind(mode),
        attributes,
        statx.get(JAVA_LONG, 40),
        ((long) statx.get(JAVA_INT, 136) << 32) | Integer.toUnsignedLong(statx.get(JAVA_INT, 140)),
        statx.get(JAVA_LONG, 32),
        statx.get(JAVA_INT, 16),
        statx.get(JAVA_LONG, 96) * 1_000_000_000 + statx.get(JAVA_INT, 104),
        new DeviceNumber(kind, statx.get(JAVA_INT, 128), statx.get(JAVA_INT, 132)));
  }

  private static Stat.Kind kind(int mode) {
    return switch (mode >>> 12) {
      case 1 -> Stat.Kind.FIFO;
      case 2, 6 -> Stat.Kind.DEVICE;
      case 4 -> Stat.Kind.DIRECTORY;
      case 8 -> Stat.Kind.FILE;
      case 10 -> Stat.Kind.SYMLINK;
      default -> Stat.Kind.SOCKET;
    };
  }

  @Override
  public SortedMap<Bytes, Bytes> xattrs(EntryPath path) throws IOException {
    TreeMap<Bytes, Bytes> xattrs = new TreeMap<>();
    MemorySegment buffer = LinuxPaths.scratch().buffer();
    long length;
    try {
      length = Syscalls.llistxattr(root.absolute(path), buffer);
    } catch (ErrnoException e) {
      if (e.errno() == Syscalls.ENOTSUP) {
        return xattrs;
      }
      throw e;
    }
    byte[] names = buffer.asSlice(0, length).toArray(JAVA_BYTE);
    int from = 0;
    for (int i = 0; i < names.length; i++) {
      if (names[i] == 0) {
        byte[] name = java.util.Arrays.copyOfRange(names, from, i);
        xattr(path, name, xattrs);
        from = i + 1;
      }
    }
    return xattrs;
  }

  private void xattr(EntryPath path, byte[] name, SortedMap<Bytes, Bytes> xattrs)
      throws IOException {
    Scratch scratch = LinuxPaths.scratch();
    MemorySegment buffer = scratch.buffer();
    try {
      long length = Syscalls.lgetxattr(root.absolute(path), scratch.text(name), buffer);
      xattrs.put(Bytes.of(name), Bytes.of(buffer.asSlice(0, length).toArray(JAVA_BYTE)));
    } catch (ErrnoException e) {
      if (e.errno() == Syscalls.EACCES && !opened.containsKey(path)) {
        allow(path, stat(path).attributes().mode(), 0400);
        xattr(path, name, xattrs);
      } else if (e.errno() != Syscalls.ENODATA) {
        throw e;
      }
    }
  }

  @Override
  public Bytes readLink(EntryPath path) throws IOException {
    Scratch scratch = LinuxPaths.scratch();
    MemorySegment buffer = scratch.buffer();
    long length = Syscalls.readlinkat(root.fd(), scratch.path(path), buffer);
    return Bytes.of(buffer.asSlice(0, length).toArray(JAVA_BYTE));
  }

  @Override
  public InputStream open(EntryPath path) throws IOException {
    return new FileInput(openAnyway(path, Syscalls.O_RDONLY | Syscalls.O_NOFOLLOW));
  }

  /// Opens what belongs to us even when its mode keeps us out, as it may when we are not root; the
  /// mode is put back when the reader is closed.
  private int openAnyway(EntryPath path, int flags) throws IOException {
    boolean directory = (flags & Syscalls.O_DIRECTORY) != 0;
    if (directory && !isRoot) {
      int mode = stat(path).attributes().mode();
      if ((mode & 0500) != 0500) {
        allow(path, mode, 0700);
      }
    }
    try {
      return Syscalls.openat(root.fd(), LinuxPaths.scratch().path(path), flags, 0);
    } catch (ErrnoException e) {
      if (e.errno() != Syscalls.EACCES || directory) {
        throw e;
      }
    }
    allow(path, stat(path).attributes().mode(), 0400);
    return Syscalls.openat(root.fd(), LinuxPaths.scratch().path(path), flags, 0);
  }

  /// Lets us change what is in a directory of ours.
  void allowChanges(EntryPath directory) throws IOException {
    int mode = isRoot ? 0700 : stat(directory).attributes().mode();
    if ((mode & 0700) != 0700) {
      allow(directory, mode, 0700);
    }
  }

  /// Leaves modes as they are when the reader is closed: the files are gone.
  void forgetModes() {
    opened.clear();
  }

  private void allow(EntryPath path, int mode, int more) throws IOException {
    Syscalls.fchmodat(root.fd(), LinuxPaths.scratch().path(path), mode | more);
    opened.putIfAbsent(path, mode);
  }

  @Override
  public void close() throws IOException {
    try {
      for (var path : opened.reversed().entrySet()) {
        Syscalls.fchmodat(root.fd(), LinuxPaths.scratch().path(path.getKey()), path.getValue());
      }
    } finally {
      root.close();
    }
  }

  /// An open file; its bytes go through the buffer of the thread that reads.
  private static final class FileInput extends BulkInput {
    private final int fd;
    private boolean closed;

    FileInput(int fd) {
      this.fd = fd;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      MemorySegment buffer = LinuxPaths.scratch().buffer();
      int n = (int) Syscalls.read(fd, buffer.asSlice(0, Math.min(length, buffer.byteSize())));
      MemorySegment.copy(buffer, JAVA_BYTE, 0, bytes, offset, n);
      return n == 0 ? -1 : n;
    }

    /// May be called again: a second close of the number could be that of another file.
    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        Syscalls.close(fd);
      }
    }
  }
}
