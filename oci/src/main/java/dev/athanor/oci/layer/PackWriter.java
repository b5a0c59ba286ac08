package dev.athanor.oci.layer;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.io.OutputStream;
import java.util.SortedMap;
import java.util.TreeMap;

/// A pack on its way into a store: bytes go in through [#write], and [#note] says which of them are
/// a content. Closing without a commit leaves nothing behind.
public final class PackWriter extends OutputStream {
  private final BlobStore store;
  private final BlobWriter data;
  private final SortedMap<Digest, Long> offsets = new TreeMap<>();
  private long size;

  public PackWriter(BlobStore store) throws IOException {
    this.store = store;
    this.data = store.write();
  }

  @Override
  public void write(int b) throws IOException {
    data.write(b);
    size++;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    data.write(bytes, offset, length);
    size += length;
  }

  /// A stream whose bytes go to `out` and into the pack; closing it closes neither.
  OutputStream tee(OutputStream out) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        out.write(b);
        PackWriter.this.write(b);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        PackWriter.this.write(bytes, offset, length);
      }
    };
  }

  /// Bytes written so far: the offset of what comes next.
  public long size() {
    return size;
  }

  /// Whether a content was noted.
  public boolean contains(Digest content) {
    return offsets.containsKey(content);
  }

  /// Whether no content was noted.
  public boolean isEmpty() {
    return offsets.isEmpty();
  }

  /// Says that the bytes from `offset` on are `content`.
  public void note(Digest content, long offset) {
    offsets.putIfAbsent(content, offset);
  }

  /// Writes `bytes` as one content, unless it is there.
  public Digest add(byte[] bytes) throws IOException {
    Digest digest = Digester.digest(bytes);
    if (!contains(digest)) {
      note(digest, size);
      write(bytes, 0, bytes.length);
    }
    return digest;
  }

  /// Makes the pack visible.
  public Pack commit() throws IOException {
    return new Pack(data.commit(), commitIndex());
  }

  /// As [#commit()] for bytes that the store has already as `whole`: only the index is written.
  Pack commitOver(Digest whole) throws IOException {
    return new Pack(whole, commitIndex());
  }

  private Digest commitIndex() throws IOException {
    return store.put(PackIndex.encode(offsets));
  }

  @Override
  public void close() throws IOException {
    data.close();
  }
}
