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
    buffered.mark(Compression.MAGIC_BYTES);
    byte[] magic = buffered.readNBytes(Compression.MAGIC_BYTES);
    buffered.reset();
    return switch (Compression.of(magic)) {
      case NONE -> buffered;
      case GZIP -> new GZIPInputStream(buffered, BUFFER_BYTES);
      case ZSTD -> new ZstdInputStream(buffered);
    };
  }
}
