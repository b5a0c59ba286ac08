package dev.athanor.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/// A file that appears, or replaces another one, only when it is complete.
final class NewFile {
  private NewFile() {}

  interface Writing {
    void to(OutputStream out) throws IOException;
  }

  static void write(Path file, Writing writing) throws IOException {
    Path fresh =
        Files.createTempFile(file.toAbsolutePath().getParent(), "." + file.getFileName(), "");
    try {
      try (OutputStream out = Files.newOutputStream(fresh)) {
        writing.to(out);
      }
      if (fresh.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
      }
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
