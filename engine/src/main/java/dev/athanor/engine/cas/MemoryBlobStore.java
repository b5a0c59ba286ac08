package dev.athanor.engine.cas;

import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Blobs on the heap: for tests, and for pure actions that need no disk.
public final class MemoryBlobStore implements BlobStore {
  private final ConcurrentHashMap<Digest, byte[]> blobs = new ConcurrentHashMap<>();

  @Override
  public boolean contains(Digest digest) {
    return blobs.containsKey(digest);
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    byte[] bytes = blobs.get(digest);
    if (bytes == null) {
      throw new MissingBlobException(digest);
    }
    return new ByteArrayInputStream(bytes);
  }

  @Override
  public BlobWriter write() {
    return new MemoryWriter();
  }

  /// Every blob that is here.
  public Set<Digest> digests() {
    return Set.copyOf(blobs.keySet());
  }

  /// Loses a blob, as an evicting cache would.
  public void remove(Digest digest) {
    blobs.remove(digest);
  }

  private final class MemoryWriter extends BlobWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void write(int b) {
      bytes.write(b);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
      bytes.write(buffer, offset, length);
    }

    @Override
    public Digest commit() {
      byte[] blob = bytes.toByteArray();
      Digest digest = Digester.digest(blob);
      blobs.put(digest, blob);
      return digest;
    }

    @Override
    public void commit(Digest expected) throws IOException {
      byte[] blob = bytes.toByteArray();
      Digest actual = Digester.digest(blob);
      if (!actual.equals(expected)) {
        throw new CorruptBlobException(expected, actual);
      }
      blobs.put(expected, blob);
    }
  }
}
