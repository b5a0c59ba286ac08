package dev.athanor.engine.diff;

import java.io.IOException;

/// Bytes could not be read or kept, as when a disk is full. That says nothing about what they are,
/// so the comparison ends.
final class StorageException extends IOException {
  private static final long serialVersionUID = 1;

  StorageException(IOException cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }
}
