package dev.athanor.engine.source;

import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.jspecify.annotations.Nullable;

/// What stands at a path, symlinks followed.
public record FileKind(Path path) implements FileLeaf<FileKind.Kind> {
  /// The little that loading and analysis want to know.
  public enum Kind {
    ABSENT,
    FILE,
    /// A file that its owner may execute.
    PROGRAM,
    DIRECTORY;

    public boolean isFile() {
      return this == FILE || this == PROGRAM;
    }
  }

  @Override
  public Kind read(@Nullable Kind previous) {
    if (Files.isRegularFile(path)) {
      return isProgram() ? Kind.PROGRAM : Kind.FILE;
    }
    return Files.isDirectory(path) ? Kind.DIRECTORY : Kind.ABSENT;
  }

  /// By its mode, as its content has it, and not by what this process may do: two file systems, and
  /// two users, have to say the same.
  private boolean isProgram() {
    try {
      return path.getFileSystem().supportedFileAttributeViews().contains("posix")
          && Files.getPosixFilePermissions(path).contains(PosixFilePermission.OWNER_EXECUTE);
    } catch (IOException e) {
      // Gone in this moment, or out of reach.
      return false;
    }
  }

  @Override
  public Aspect aspect() {
    return Aspect.KIND;
  }

  @Override
  public long fingerprint(Kind kind) {
    return Digester.fingerprint(kind.name());
  }

  @Override
  public String toString() {
    return "file " + path;
  }
}
