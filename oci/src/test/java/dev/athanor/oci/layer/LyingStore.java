package dev.athanor.oci.layer;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A store that gives other bytes for a digest than it should, through a stream that ends when it
/// is closed.
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
    return new FilterInputStream(new ByteArrayInputStream(bytes)) {
      private boolean closed;

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        if (closed) {
          throw new IOException("read after close");
        }
        return super.read(buffer, offset, length);
      }

      @Override
      public void close() {
        closed = true;
      }
    };
  }

  @Override
  public BlobWriter write() {
    return written.write();
  }
}
