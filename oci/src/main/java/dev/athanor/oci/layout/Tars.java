package dev.athanor.oci.layout;

import com.github.luben.zstd.ZstdInputStream;
import dev.athanor.oci.layer.Compression;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/// Streams that may be compressed.
final class Tars {
  private static final int BUFFER_BYTES = 64 << 10;

  private Tars() {}

  /// The bytes of `in` without the gzip or zstd around them, told by how they begin.
  static InputStream plain(InputStream in) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in, BUFFER_BYTES);
    buffered.mark(4);
    byte[] head = buffered.readNBytes(4);
    buffered.reset();
    return switch (wrapping(head)) {
      case NONE -> buffered;
      case GZIP -> new GZIPInputStream(buffered, BUFFER_BYTES);
      case ZSTD -> new ZstdInputStream(buffered);
    };
  }

  /// What a stream that begins with these four bytes is wrapped in.
  static Compression wrapping(byte[] head) {
    if (startsWith(head, 0x1f, 0x8b)) {
      return Compression.GZIP;
    }
    return startsWith(head, 0x28, 0xb5, 0x2f, 0xfd) ? Compression.ZSTD : Compression.NONE;
  }

  private static boolean startsWith(byte[] head, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= head.length || (head[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
