package dev.athanor.oci.layer;

import com.github.luben.zstd.ZstdCompressCtx;
import dev.athanor.engine.UserException;
import io.airlift.compress.v3.deflate.DeflateNativeCompressor;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32;

/// Compresses one piece of a tar to one self-contained gzip member or zstd frame. Used by one
/// thread at a time.
interface PieceCodec extends AutoCloseable {
  /// Room that a piece of `length` bytes may need.
  int bound(int length);

  /// Compresses the first `length` bytes of `piece`; how many bytes `out` then holds.
  int compress(byte[] piece, int length, byte[] out);

  @Override
  default void close() {}

  /// A codec for one thread.
  ///
  /// @throws LayerException when this platform lacks the pinned encoder
  static PieceCodec open(Compression compression) {
    return switch (compression) {
      case GZIP -> new Gzip();
      case ZSTD -> new Zstd();
      case NONE -> throw new IllegalArgumentException("nothing to compress");
    };
  }

  /// One gzip member by libdeflate.
  final class Gzip implements PieceCodec {
    private static final int LEVEL = 6;
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final int TRAILER_BYTES = 8;

    private final DeflateNativeCompressor deflate;

    Gzip() {
      // The library's own factory would fall back to the JDK's zlib, and so to other bytes.
      if (!DeflateNativeCompressor.isEnabled()) {
        throw new UserException(
            "gzip layers cannot be written here: layer format "
                + LayerFormat.VERSION
                + " is defined by libdeflate, which has no build for "
                + System.getProperty("os.name")
                + " "
                + System.getProperty("os.arch"),
            "write compression = \"zstd\" or compression = \"none\"");
      }
      deflate = new DeflateNativeCompressor(LEVEL);
    }

    @Override
    public int bound(int length) {
      return HEADER.length + deflate.maxCompressedLength(length) + TRAILER_BYTES;
    }

    @Override
    public int compress(byte[] piece, int length, byte[] out) {
      System.arraycopy(HEADER, 0, out, 0, HEADER.length);
      int room = out.length - HEADER.length - TRAILER_BYTES;
      int end =
          HEADER.length
              + deflate.compress(
                  MemorySegment.ofArray(piece).asSlice(0, length),
                  MemorySegment.ofArray(out).asSlice(HEADER.length, room));
      CRC32 crc = new CRC32();
      crc.update(piece, 0, length);
      littleEndian(out, end, (int) crc.getValue());
      littleEndian(out, end + 4, length);
      return end + TRAILER_BYTES;
    }

    private static void littleEndian(byte[] out, int offset, int value) {
      for (int i = 0; i < 4; i++) {
        out[offset + i] = (byte) (value >>> (8 * i));
      }
    }
  }

  /// One zstd frame.
  final class Zstd implements PieceCodec {
    private static final int LEVEL = 3;

    private final ZstdCompressCtx context =
        new ZstdCompressCtx().setLevel(LEVEL).setChecksum(false).setContentSize(true);

    @Override
    public int bound(int length) {
      return (int) com.github.luben.zstd.Zstd.compressBound(length);
    }

    @Override
    public int compress(byte[] piece, int length, byte[] out) {
      return context.compressByteArray(out, 0, out.length, piece, 0, length);
    }

    @Override
    public void close() {
      context.close();
    }
  }
}
