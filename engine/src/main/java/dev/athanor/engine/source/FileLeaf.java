package dev.athanor.engine.source;

import dev.athanor.engine.graph.Leaf;
import java.nio.file.Path;

/// Something that loading and analysis want to know of a path of the file system.
///
/// @param <V> the type of the answer
public sealed interface FileLeaf<V> extends Leaf<V> permits DirectoryListing, FileKind, FileText {
  Path path();

  /// What is asked of the path.
  Aspect aspect();

  /// Stands for a value once the value itself is gone: 64 bits, equal for equal values.
  long fingerprint(V value);

  /// The fingerprint of what the leaf says now.
  ///
  /// @throws dev.athanor.engine.UserException when it cannot be read
  default long fingerprint() {
    return fingerprint(read(null));
  }

  /// The fingerprint of what this leaf is known to have said.
  @SuppressWarnings("unchecked") // A leaf's value in the graph is what the leaf read.
  default long fingerprintOf(Object value) {
    return fingerprint((V) value);
  }

  /// The questions that can be asked of a path.
  enum Aspect {
    KIND,
    LISTING,
    TEXT;

    /// The question asked of `path`.
    public FileLeaf<?> of(Path path) {
      return switch (this) {
        case KIND -> new FileKind(path);
        case LISTING -> new DirectoryListing(path);
        case TEXT -> new FileText(path);
      };
    }
  }
}
