package dev.athanor.oci.registry;

import dev.athanor.oci.model.OciDigest;

/// Hears of bytes as they move. Called from many threads, often: keep it short.
public interface TransferListener {
  TransferListener NONE = (direction, blob, bytes) -> {};

  enum Direction {
    DOWNLOAD,
    UPLOAD
  }

  /// @param bytes moved since the last call for this blob; after a cut some may move twice
  void moved(Direction direction, OciDigest blob, long bytes);
}
