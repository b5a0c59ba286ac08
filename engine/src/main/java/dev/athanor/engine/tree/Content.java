package dev.athanor.engine.tree;

import dev.athanor.engine.digest.Digest;

/// What stands at a path: the value of an artifact once it is known.
public sealed interface Content {
  /// A regular file. Its only metadata is whether it may be executed.
  record File(Digest digest, boolean executable) implements Content {}

  /// A directory, by the digest of its `Directory` message.
  record Tree(Digest digest) implements Content {}

  /// A symbolic link, its target verbatim.
  record Symlink(String target) implements Content {}
}
