package dev.athanor.oci.rootfs;

import dev.athanor.oci.layer.EntryPath;

/// How many names a file has, and which of them is the first in byte order. All names of one file
/// carry the same value, so that a name that comes or goes is a change of them all.
public record Links(int count, EntryPath first) {
  /// A file with one name: by far the most. Its own path is not repeated.
  public static final Links SINGLE = new Links(1, EntryPath.ROOT);

  public Links {
    if (count < 1 || (count == 1) != first.isRoot()) {
      throw new IllegalArgumentException("not a link group: " + count + " names, first " + first);
    }
  }

  public boolean isSingle() {
    return count == 1;
  }
}
