package dev.athanor.oci.layer;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/// A store that gives other bytes for a digest than it should.
final class LyingStore implements BlobStore {
  private final MemoryBlobStore written = new MemoryBlobStore();
  private final Digest digest;
  private final byte[] bytes;

  LyingStore(Digest digest, byte[] bytes) {
    this.digest = digest;
    this.bytes = bytes;
  }

  @Override
  public boolean contains(Digest asked) {
    return asked.equals(digest);
  }

  @Override
  public InputStream open(Digest asked) {
    return new ByteArrayInputStream(bytes);
  }

  @Override
  public BlobWriter write() {
    return written.write();
  }
}
