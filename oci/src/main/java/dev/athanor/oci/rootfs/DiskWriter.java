package dev.athanor.oci.rootfs;

import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.EntryPath;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;

/// An empty directory on disk that is filled. Paths start at it, and each is made only once and
/// after its parent, so that no link that was made is ever on the way to another path. Safe for use
/// by many threads.
interface DiskWriter extends AutoCloseable {
  static DiskWriter open(Path root, Materialize.Owners owners) throws IOException {
    return Syscalls.available() && root.getFileSystem().equals(FileSystems.getDefault())
        ? new LinuxWriter(root, owners)
        : new PortableWriter(root, owners);
  }

  /// Makes a directory that only we may enter.
  void makeDirectory(EntryPath path) throws IOException;

  /// Gives a directory, or the root, its attributes; nothing in it is changed after that.
  void finishDirectory(EntryPath path, Attributes attributes) throws IOException;

  /// Makes anything else, with its attributes.
  void makeLeaf(EntryPath path, Node.Leaf leaf, Contents contents) throws IOException;

  /// Makes one more name for `existing`.
  void makeLink(EntryPath path, EntryPath existing) throws IOException;

  /// What could not be done, and is not worth a failure: each kind of thing once.
  List<String> notes();

  @Override
  void close() throws IOException;
}
