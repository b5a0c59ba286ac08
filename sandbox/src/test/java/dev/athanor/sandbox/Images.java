package dev.athanor.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// Root filesystems for tests.
final class Images {
  private Images() {}

  /// A static shell with its tools, and a file `/who` with the folder's name.
  static Path busybox(Path image) throws IOException {
    Path bin = Files.createDirectories(image.resolve("bin"));
    Path busybox = Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
    Files.setPosixFilePermissions(busybox, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String tool :
        List.of("sh", "ls", "cat", "rm", "touch", "chown", "id", "mknod", "chroot")) {
      Files.createSymbolicLink(bin.resolve(tool), Path.of("busybox"));
    }
    Files.writeString(image.resolve("who"), image.getFileName().toString());
    return image;
  }
}
