package dev.athanor.oci.layer;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A layer blob that is read: digested as it goes by, its compression sniffed rather than believed.
final class LayerBlob extends FilterInputStream {
  private static final int MAGIC_BYTES = 4;
  private static final int ZSTD = 0xFD2FB528;
  private static final int ZSTD_SKIPPABLE = 0x184D2A50;

  private final Digester digester = new Digester();

  LayerBlob(InputStream in) {
    super(in);
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
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = in.read(bytes, offset, length);
    if (n > 0) {
      digester.update(bytes, offset, n);
    }
    return n;
  }

  @Override
  public long skip(long count) {
    throw new UnsupportedOperationException("every byte is digested");
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /// The blob without its compression.
  record Plain(Compression compression, InputStream tar) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      tar.close();
    }
  }

  /// The stream below is the caller's, who may want to read on after a decoder gave up.
  @Override
  public void close() {}

  /// Begins to read; closing the result ends the decoder.
  Plain plain() throws IOException {
    PushbackInputStream in = new PushbackInputStream(this, MAGIC_BYTES);
    byte[] magic = in.readNBytes(MAGIC_BYTES);
    in.unread(magic);
    Compression compression = sniff(magic);
    return new Plain(
        compression,
        switch (compression) {
          case NONE -> in;
          case GZIP -> new GzipInput(in);
          case ZSTD -> new ZstdInputStreamNoFinalizer(in);
        });
  }

  private static Compression sniff(byte[] magic) {
    if (magic.length < MAGIC_BYTES) {
      return Compression.NONE;
    }
    int word = ByteBuffer.wrap(magic).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (word == ZSTD || (word & ~0xf) == ZSTD_SKIPPABLE) {
      return Compression.ZSTD;
    }
    return (word & 0xffff) == 0x8b1f ? Compression.GZIP : Compression.NONE;
  }
}
