package dev.athanor.oci.rootfs;

import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.EntryName;
import dev.athanor.oci.layer.EntryPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/// A directory on disk that is read. Paths start at it; no symlink is followed as a last component.
interface DiskReader extends AutoCloseable {
  /// Reads through the kernel where that is possible: only so are all names, owners, extended
  /// attributes and devices seen.
  static DiskReader open(Path root) throws IOException {
    return Syscalls.available() && root.getFileSystem().equals(FileSystems.getDefault())
        ? new LinuxReader(root)
        : new PortableReader(root);
  }

  /// What the directory holds, in no order.
  List<EntryName> list(EntryPath directory) throws IOException;

  Stat stat(EntryPath path) throws IOException;

  SortedMap<Bytes, Bytes> xattrs(EntryPath path) throws IOException;

  Bytes readLink(EntryPath path) throws IOException;

  InputStream open(EntryPath path) throws IOException;

  @Override
  void close() throws IOException;
}
