package dev.athanor.remote.server;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// Passes on what it is given, decompressed. Closing leaves the target open.
final class ZstdSink extends OutputStream {
  private static final int BUFFER = 128 << 10;

  private final OutputStream to;
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
  private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
  private final byte[] bytes = new byte[BUFFER];
  private long left;

  /// @param limit how many bytes may come out: more is no longer written anywhere
  ZstdSink(OutputStream to, long limit) {
    this.to = to;
    this.left = limit;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /// @throws IllegalArgumentException when it is no zstd, or too much of it
  @Override
  public void write(byte[] compressed, int offset, int length) throws IOException {
    for (int done = 0; done < length; ) {
      int n = Math.min(BUFFER, length - done);
      in.clear().put(compressed, offset + done, n).flip();
      done += n;
      decompress();
    }
  }

  private void decompress() throws IOException {
    boolean full = false;
    while (in.hasRemaining() || full) {
      out.clear();
      try {
        var _ = context.decompressDirectByteBufferStream(out, in);
      } catch (ZstdException e) {
        throw new IllegalArgumentException("what was sent is not zstd: " + e.getMessage(), e);
      }
      out.flip();
      // There may be more to come out even when all is in.
      full = out.remaining() == BUFFER;
      pass();
    }
  }

  private void pass() throws IOException {
    int length = out.remaining();
    left -= length;
    if (left < 0) {
      throw new IllegalArgumentException("the blob is larger than its digest says");
    }
    out.get(bytes, 0, length);
    to.write(bytes, 0, length);
  }

  @Override
  public void close() {
    context.close();
  }
}
