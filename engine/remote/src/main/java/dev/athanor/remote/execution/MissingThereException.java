package dev.athanor.remote.execution;

import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.util.Set;

/// A server says that it lacks blobs of an action: some that were sent long ago, and that it has
/// let go since.
final class MissingThereException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient Set<Digest> digests;

  MissingThereException(Set<Digest> digests) {
    super("the server lacks " + digests);
    this.digests = digests;
  }

  Set<Digest> digests() {
    return digests;
  }
}
