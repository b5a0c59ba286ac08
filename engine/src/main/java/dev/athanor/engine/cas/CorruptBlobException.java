package dev.athanor.engine.cas;

import dev.athanor.engine.digest.Digest;
import java.io.IOException;

/// Bytes that are not those of the digest they were asked for by.
public final class CorruptBlobException extends IOException {
  private static final long serialVersionUID = 1;

  public CorruptBlobException(Digest expected, Digest actual) {
    super(
        expected.size() != actual.size()
            ? "size mismatch: expected " + expected + ", got " + actual.size() + " bytes"
            : "digest mismatch: expected " + expected.hex() + ", got " + actual.hex());
  }
}
