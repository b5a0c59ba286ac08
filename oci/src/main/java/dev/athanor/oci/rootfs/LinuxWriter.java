package dev.athanor.oci.rootfs;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.DeviceNumber;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.rootfs.LinuxPaths.Scratch;
import dev.athanor.oci.rootfs.Syscalls.ErrnoException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/// Writes through the kernel, relative to the open root, with exclusive creation and no link
/// followed.
final class LinuxWriter implements DiskWriter {
  private static final int S_IFCHR = 0020000;
  private static final int S_IFBLK = 0060000;
  private static final int S_IFIFO = 0010000;
  private static final int CREATE =
      Syscalls.O_WRONLY | Syscalls.O_CREAT | Syscalls.O_EXCL | Syscalls.O_NOFOLLOW;
  private static final int DIRECTORY =
      Syscalls.O_RDONLY | Syscalls.O_DIRECTORY | Syscalls.O_NOFOLLOW;

  private final LinuxPaths root;
  private final boolean real;
  private final Set<String> notes = new ConcurrentSkipListSet<>();

  LinuxWriter(Path root, Materialize.Owners owners) throws IOException {
    this.root = new LinuxPaths(root);
    this.real = owners == Materialize.Owners.REAL;
  }

  @Override
  public void makeDirectory(EntryPath path) throws IOException {
    Syscalls.mkdirat(root.fd(), LinuxPaths.scratch().path(path), 0700);
  }

  @Override
  public void finishDirectory(EntryPath path, Attributes attributes) throws IOException {
    int fd = Syscalls.openat(root.fd(), LinuxPaths.scratch().path(path), DIRECTORY, 0);
    try {
      finish(fd, attributes);
    } finally {
      Syscalls.close(fd);
    }
  }

  @Override
  public void makeLeaf(EntryPath path, Node.Leaf leaf, Contents contents) throws IOException {
    switch (leaf) {
      case Node.File(var attributes, _, var content) ->
          makeFile(path, attributes, content, contents);
      case Node.Symlink(var attributes, _, var target) -> {
        Scratch scratch = LinuxPaths.scratch();
        MemorySegment link = scratch.path(path);
        Syscalls.symlinkat(scratch.text(target.toArray()), root.fd(), link);
        finishUnopened(path, attributes, false);
      }
      case Node.Device(var attributes, _, var number) -> {
        if (real) {
          makeNode(path, number);
          finishUnopened(path, attributes, true);
        } else {
          makeFile(path, attributes, Digest.EMPTY, contents);
        }
      }
      case Node.Fifo(var attributes, _) -> {
        Syscalls.mknodat(root.fd(), LinuxPaths.scratch().path(path), S_IFIFO | 0600, 0);
        finishUnopened(path, attributes, true);
      }
    }
  }

  @Override
  public void makeLink(EntryPath path, EntryPath existing) throws IOException {
    Scratch scratch = LinuxPaths.scratch();
    Syscalls.linkat(root.fd(), scratch.path(existing), scratch.otherPath(path));
  }

  @Override
  public List<String> notes() {
    return List.copyOf(notes);
  }

  @Override
  public void close() throws IOException {
    root.close();
  }

  private void makeNode(EntryPath path, DeviceNumber number) throws IOException {
    int type = number.kind() == DeviceNumber.Kind.CHARACTER ? S_IFCHR : S_IFBLK;
    long major = number.major();
    long minor = number.minor();
    // As makedev of glibc and musl: the first numbers had eight bits each.
    long device =
        (minor & 0xff)
            | ((major & 0xfff) << 8)
            | ((minor & ~0xffL) << 12)
            | ((major & ~0xfffL) << 32);
    Syscalls.mknodat(root.fd(), LinuxPaths.scratch().path(path), type | 0600, device);
  }

  private void makeFile(EntryPath path, Attributes attributes, Digest content, Contents contents)
      throws IOException {
    int fd = Syscalls.openat(root.fd(), LinuxPaths.scratch().path(path), CREATE, 0600);
    try {
      if (content.size() > 0) {
        fill(fd, content, contents);
      }
      finish(fd, attributes);
    } finally {
      Syscalls.close(fd);
    }
  }

  private static void fill(int fd, Digest content, Contents contents) throws IOException {
    Optional<MemorySegment> mapped = contents.mapped(content);
    if (mapped.isPresent()) {
      Syscalls.write(fd, mapped.get());
      return;
    }
    byte[] bytes = new byte[LinuxPaths.BUFFER_BYTES];
    MemorySegment buffer = LinuxPaths.scratch().buffer();
    try (InputStream in = contents.open(content)) {
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, n);
        Syscalls.write(fd, buffer.asSlice(0, n));
      }
    }
  }

  /// Owner first, since a change of it takes setuid and capabilities away; extended attributes
  /// while we may still write; times last.
  private void finish(int fd, Attributes attributes) throws IOException {
    if (real) {
      Syscalls.fchown(fd, (int) attributes.uid(), (int) attributes.gid());
    }
    setXattrs(attributes, (name, value) -> Syscalls.fsetxattr(fd, name, value));
    Syscalls.fchmod(fd, attributes.mode());
    Syscalls.futimens(fd, times(attributes.mtime()));
  }

  /// For what cannot be opened without harm. Nobody but us writes into the tree while it is made,
  /// so the name still means what was just made.
  private void finishUnopened(EntryPath path, Attributes attributes, boolean mode)
      throws IOException {
    Scratch scratch = LinuxPaths.scratch();
    if (real) {
      Syscalls.lchownat(
          root.fd(), scratch.path(path), (int) attributes.uid(), (int) attributes.gid());
    }
    setXattrs(attributes, (name, value) -> Syscalls.lsetxattr(root.absolute(path), name, value));
    if (mode) {
      Syscalls.fchmodat(root.fd(), scratch.path(path), attributes.mode());
    }
    Syscalls.lutimensat(root.fd(), scratch.path(path), times(attributes.mtime()));
  }

  private interface XattrSetter {
    void set(MemorySegment name, MemorySegment value) throws IOException;
  }

  private void setXattrs(Attributes attributes, XattrSetter setter) throws IOException {
    for (var xattr : attributes.xattrs().entrySet()) {
      setXattr(xattr.getKey(), xattr.getValue(), setter);
    }
  }

  private void setXattr(Bytes name, Bytes value, XattrSetter setter) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, value.toArray());
      setter.set(LinuxPaths.scratch().text(name.toArray()), bytes);
    } catch (ErrnoException e) {
      if (e.errno() == Syscalls.ENOTSUP) {
        notes.add("this file system does not keep extended attributes such as " + name);
      } else if (e.errno() == Syscalls.EPERM) {
        notes.add("not permitted to set extended attributes such as " + name);
      } else {
        throw e;
      }
    }
  }

  /// Access time and modification time, the same.
  private static MemorySegment times(Instant mtime) {
    MemorySegment times = LinuxPaths.scratch().small();
    times.setAtIndex(JAVA_LONG, 0, mtime.getEpochSecond());
    times.setAtIndex(JAVA_LONG, 1, mtime.getNano());
    times.setAtIndex(JAVA_LONG, 2, mtime.getEpochSecond());
    times.setAtIndex(JAVA_LONG, 3, mtime.getNano());
    return times;
  }
}
