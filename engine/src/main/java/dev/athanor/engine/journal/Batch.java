package dev.athanor.engine.journal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.zip.CRC32C;

/// Records that were appended together, as they stand in the file.
///
/// ```
/// batch   length of the records, 4 bytes · records · the same length again
/// record  tag, 4 bytes · length of the body, 4 bytes · CRC-32C of the body, 4 bytes · body
/// ```
///
/// Numbers are little-endian. Bytes reach the file in order, so a batch that has its end has all of
/// it.
final class Batch {
  /// Bytes of a length before or behind the records.
  static final int FRAME = 4;

  /// Bytes of a record before its body.
  static final int HEADER = 12;

  private Batch() {}

  static ByteBuffer encode(List<Journal.Entry> entries) {
    int length = entries.stream().mapToInt(entry -> HEADER + entry.body.length).sum();
    ByteBuffer batch = ByteBuffer.allocate(FRAME + length + FRAME).order(ByteOrder.LITTLE_ENDIAN);
    batch.putInt(length);
    for (Journal.Entry entry : entries) {
      batch.putInt(entry.tag).putInt(entry.body.length).putInt(checksum(entry.body));
      batch.put(entry.body);
    }
    return batch.putInt(length).flip();
  }

  static int checksum(byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(body, 0, body.length);
    return (int) crc.getValue();
  }

  /// Where the last whole batch ends. Usually that is the end of the file, which the length behind
  /// the batch tells at once.
  static long end(FileChannel channel) throws IOException {
    long size = channel.size();
    if (size >= 2 * FRAME) {
      long start = size - 2 * FRAME - getInt(channel, size - FRAME);
      if (start >= 0 && end(channel, start, size) == size) {
        return size;
      }
    }
    long end = 0;
    for (long next = end(channel, 0, size); next >= 0; next = end(channel, end, size)) {
      end = next;
    }
    return end;
  }

  /// Where the batch at `start` ends, or -1 when there is no whole one.
  static long end(FileChannel channel, long start, long size) throws IOException {
    if (start + 2 * FRAME > size) {
      return -1;
    }
    int length = getInt(channel, start);
    long end = start + FRAME + length + FRAME;
    return length > 0 && end <= size && getInt(channel, end - FRAME) == length ? end : -1;
  }

  private static int getInt(FileChannel channel, long at) throws IOException {
    return read(channel, at, FRAME).getInt(0);
  }

  static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new EOFException("a journal has shrunk");
      }
    }
    return buffer.flip();
  }
}
