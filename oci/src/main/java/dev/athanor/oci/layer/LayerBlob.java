package dev.athanor.oci.layer;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/// A layer blob that is read: digested as it goes by, its compression sniffed rather than believed.
/// Closing it closes nothing: the stream below is the caller's, who may want to read on after a
/// decoder gave up.
final class LayerBlob extends BulkInput {
  private final InputStream in;
  private final Digester digester = new Digester();

  LayerBlob(InputStream in) {
    this.in = in;
  }

  /// Bytes that went by.
  long size() {
    return digester.size();
  }

  /// Reads what is left, and tells what the whole blob was.
  Digest finish() throws IOException {
    byte[] buffer = new byte[64 * 1024];
    while (read(buffer, 0, buffer.length) >= 0) {}
    return digester.finish();
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = in.read(bytes, offset, length);
    if (n > 0) {
      digester.update(bytes, offset, n);
    }
    return n;
  }

  /// The blob without its compression.
  record Plain(Compression compression, InputStream tar) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      tar.close();
    }
  }

  /// Begins to read; closing the result ends the decoder.
  Plain plain() throws IOException {
    PushbackInputStream in = new PushbackInputStream(this, Compression.MAGIC_BYTES);
    byte[] magic = in.readNBytes(Compression.MAGIC_BYTES);
    in.unread(magic);
    Compression compression = Compression.of(magic);
    return new Plain(
        compression,
        switch (compression) {
          case NONE -> in;
          case GZIP -> new GzipInput(in);
          case ZSTD -> new ZstdInputStreamNoFinalizer(in);
        });
  }
}
