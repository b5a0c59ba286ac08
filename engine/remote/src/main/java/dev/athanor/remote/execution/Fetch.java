package dev.athanor.remote.execution;

import build.bazel.remote.execution.v2.Directory;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.digest.Digest;
import dev.athanor.remote.RemoteCache;
import java.io.IOException;
import java.util.List;

/// Brings here the little of a result that somebody looks into.
record Fetch(RemoteCache cas, BlobStore blobs) {
  /// Brings a blob into the store, if it is not there.
  void blob(Digest digest) throws IOException {
    if (blobs.contains(digest)) {
      return;
    }
    try (BlobWriter writer = blobs.write()) {
      if (digest.size() > 0) {
        cas.read(digest, writer);
      }
      writer.commit(digest);
    }
  }

  byte[] bytes(Digest digest) throws IOException {
    blob(digest);
    return blobs.read(digest);
  }

  /// The directories below and with `root`, or some of them.
  List<Directory> tree(Digest root) throws IOException {
    return cas.tree(root);
  }
}
