package dev.athanor.remote.grpc;

import dev.athanor.engine.digest.Digest;
import java.util.UUID;

/// What blobs are called in streams.
///
/// @param instance empty where the server has but one
record ResourceNames(String instance) {
  String read(Digest digest, boolean zstd) {
    return prefix() + blob(digest, zstd);
  }

  /// A new name for each upload.
  String write(Digest digest, boolean zstd) {
    return prefix() + "uploads/" + UUID.randomUUID() + "/" + blob(digest, zstd);
  }

  private String prefix() {
    return instance.isEmpty() ? "" : instance + "/";
  }

  private static String blob(Digest digest, boolean zstd) {
    return (zstd ? "compressed-blobs/zstd/" : "blobs/") + digest;
  }
}
