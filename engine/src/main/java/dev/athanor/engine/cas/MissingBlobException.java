package dev.athanor.engine.cas;

import dev.athanor.engine.digest.Digest;
import java.io.IOException;

/// A blob is not where it was said to be. The engine answers by running its producer again.
public final class MissingBlobException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient Digest digest;

  public MissingBlobException(Digest digest) {
    super("blob not found: " + digest);
    this.digest = digest;
  }

  public Digest digest() {
    return digest;
  }
}
