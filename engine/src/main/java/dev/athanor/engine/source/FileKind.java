package dev.athanor.engine.source;

import dev.athanor.engine.digest.Digester;
import java.nio.file.Files;
import java.nio.file.Path;
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
      return Files.isExecutable(path) ? Kind.PROGRAM : Kind.FILE;
    }
    return Files.isDirectory(path) ? Kind.DIRECTORY : Kind.ABSENT;
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
