package dev.athanor.engine.cas;

import java.io.IOException;
import java.nio.file.Path;

/// A way to delete directories. Those that hold root filesystems need another than most.
@FunctionalInterface
public interface Deletion {
  /// Deletes a file, or a directory and all that is in it, if it is there. Follows no symlink.
  void delete(Path path) throws IOException;
}
