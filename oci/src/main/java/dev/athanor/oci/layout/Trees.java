package dev.athanor.oci.layout;

import dev.athanor.oci.rootfs.DeleteTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/// Whole directories.
final class Trees {
  private Trees() {}

  /// Puts `fresh` where `target` is and deletes what was there. A reader sees the old tree, for a
  /// moment none, or the new one, never a mixture: a directory cannot be exchanged in one step.
  static void swap(Path fresh, Path target) throws IOException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    Path old = fresh.resolveSibling(fresh.getFileName() + ".old");
    Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    DeleteTree.delete(old);
  }

  /// Lets everybody read a temporary directory, which only its owner may otherwise.
  static void share(Path directory) throws IOException {
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }
}
