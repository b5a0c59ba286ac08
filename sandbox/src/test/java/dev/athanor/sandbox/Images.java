package dev.athanor.sandbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// Root filesystems for tests.
final class Images {
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  private Images() {}

  /// A static shell with its tools, and a file `/who` with the folder's name. The test is skipped
  /// where there is none, unless `ATHANOR_REQUIRE_PEERS` says that there must be.
  static Path busybox(Path image) throws IOException {
    assumeTrue(
        Files.exists(BUSYBOX) || System.getenv("ATHANOR_REQUIRE_PEERS") != null,
        "busybox is not installed");
    Path bin = Files.createDirectories(image.resolve("bin"));
    Path busybox = Files.copy(BUSYBOX, bin.resolve("busybox"));
    Files.setPosixFilePermissions(busybox, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String tool :
        List.of("sh", "ls", "cat", "rm", "touch", "chown", "id", "mknod", "chroot")) {
      Files.createSymbolicLink(bin.resolve(tool), Path.of("busybox"));
    }
    Files.writeString(image.resolve("who"), image.getFileName().toString());
    return image;
  }
}
