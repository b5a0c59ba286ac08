package dev.athanor.remote.server;

import build.bazel.remote.execution.v2.Directory;
import build.bazel.remote.execution.v2.DirectoryNode;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.CorruptBlobException;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/// Every directory of a tree once, those nearer to the root first, always in the same order.
final class TreeWalk {
  /// No directory is larger, nor a whole tree: what is, is something else.
  static final long MAX_BYTES = 64 << 20;

  private final BlobStore blobs;
  private final Queue<Digest> ahead = new ArrayDeque<>();
  private final Set<Digest> seen = new HashSet<>();

  TreeWalk(Digest root, BlobStore blobs) {
    this.blobs = blobs;
    seen.add(root);
    ahead.add(root);
  }

  /// @param directory absent when it is not in the store, or is none
  record Step(Optional<Directory> directory) {}

  /// Absent at the end.
  ///
  /// @throws IllegalArgumentException when a directory names what is no digest
  Optional<Step> next() throws IOException {
    Digest next = ahead.poll();
    if (next == null) {
      return Optional.empty();
    }
    Directory directory;
    try {
      if (next.size() > MAX_BYTES) {
        return Optional.of(new Step(Optional.empty()));
      }
      directory = Trees.directory(next, blobs);
    } catch (MissingBlobException | CorruptBlobException e) {
      return Optional.of(new Step(Optional.empty()));
    }
    for (DirectoryNode child : directory.getDirectoriesList()) {
      Digest digest = Trees.digest(child.getDigest());
      if (seen.add(digest)) {
        ahead.add(digest);
      }
    }
    return Optional.of(new Step(Optional.of(directory)));
  }
}
