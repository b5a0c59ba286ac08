package dev.athanor.oci.layer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// How a layer's tar is wrapped.
public enum Compression {
  NONE(""),
  GZIP("gzip"),
  ZSTD("zstd");

  /// How many bytes tell how something is wrapped.
  public static final int MAGIC_BYTES = 4;

  private static final int ZSTD_FRAME = 0xFD2FB528;
  private static final int ZSTD_SKIPPABLE = 0x184D2A50;

  private final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  /// How something is wrapped that begins with these bytes.
  public static Compression of(byte[] magic) {
    if (magic.length < MAGIC_BYTES) {
      return NONE;
    }
    int word = ByteBuffer.wrap(magic).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (word == ZSTD_FRAME || (word & ~0xf) == ZSTD_SKIPPABLE) {
      return ZSTD;
    }
    return (word & 0xffff) == 0x8b1f ? GZIP : NONE;
  }

  /// `base`, such as `application/vnd.oci.image.layer.v1.tar`, for a layer wrapped like this.
  public String mediaType(String base) {
    return suffix.isEmpty() ? base : base + "+" + suffix;
  }
}
