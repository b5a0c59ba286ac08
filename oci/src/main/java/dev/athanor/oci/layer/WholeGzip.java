package dev.athanor.oci.layer;

import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.deflate.DeflateNativeDecompressor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;

/// A gzip file of one member, inflated at once outside of the heap: libdeflate needs less than half
/// the time of a stream, but wants all bytes in one place.
///
/// It is an attempt only. A file of several members, or with bytes behind it, does not have the
/// length and checksum that its last bytes claim, and is left to [GzipInput]; so is what is too
/// large. Two members with the same bytes look like one: the caller knows by the diffID.
final class WholeGzip implements AutoCloseable {
  /// Larger layers are streamed, so that memory stays bounded.
  private static final int MAX_BYTES = 256 << 20;

  /// A header without any of its optional fields, and a trailer.
  private static final int HEADER_BYTES = 10;

  private static final int TRAILER_BYTES = 8;
  private static final int MAGIC = 0x00088b1f;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arena arena = Arena.ofShared();
  private MemorySegment tar = MemorySegment.NULL;

  private WholeGzip() {}

  static Optional<WholeGzip> open(Path file, Limits limits) throws IOException {
    if (!DeflateNativeDecompressor.isEnabled()
        || !file.getFileSystem().equals(FileSystems.getDefault())) {
      return Optional.empty();
    }
    WholeGzip whole = new WholeGzip();
    boolean done = false;
    try (Arena mapping = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file)) {
      MapMode mode = MapMode.READ_ONLY;
      done = whole.inflate(channel.map(mode, 0, channel.size(), mapping), limits);
    } finally {
      if (!done) {
        whole.close();
      }
    }
    return done ? Optional.of(whole) : Optional.empty();
  }

  private boolean inflate(MemorySegment blob, Limits limits) {
    long deflated = blob.byteSize() - HEADER_BYTES - TRAILER_BYTES;
    // Magic, deflate, no flags: the fourth byte is zero.
    if (deflated <= 0 || deflated > MAX_BYTES || blob.get(INT, 0) != MAGIC) {
      return false;
    }
    int crc = blob.get(INT, blob.byteSize() - TRAILER_BYTES);
    long length = Integer.toUnsignedLong(blob.get(INT, blob.byteSize() - 4));
    if (length == 0 || length > Math.min(MAX_BYTES, limits.tarBytesFor(blob.byteSize()))) {
      return false;
    }
    tar = arena.allocate(length);
    try {
      MemorySegment data = blob.asSlice(HEADER_BYTES, deflated);
      return new DeflateNativeDecompressor().decompress(data, tar) == length && crc(tar) == crc;
    } catch (MalformedInputException e) {
      return false;
    }
  }

  private static int crc(MemorySegment segment) {
    CRC32 crc = new CRC32();
    crc.update(segment.asByteBuffer());
    return (int) crc.getValue();
  }

  /// What was in the file.
  InputStream tar() {
    return new SegmentInput(tar);
  }

  @Override
  public void close() {
    arena.close();
  }
}
