package dev.athanor.engine.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Takes out what a [RecordWriter] put in, in the same order.
///
/// Plain array access and nothing else: most of what this reads is read by a process that has just
/// started, in which every call is interpreted.
public final class RecordReader {
  private final byte[] bytes;
  private int at;

  public RecordReader(byte[] bytes) {
    this(bytes, 0);
  }

  /// @param at where to begin
  public RecordReader(byte[] bytes, int at) {
    this.bytes = bytes;
    this.at = at;
  }

  /// Where the next value begins.
  public int position() {
    return at;
  }

  public int getInt() {
    byte next = bytes[at++];
    if (next >= 0) {
      return next;
    }
    int value = next & 0x7f;
    for (int shift = 7; ; shift += 7) {
      next = bytes[at++];
      value |= (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  public int getByte() {
    return bytes[at++];
  }

  public long getLong() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      value |= (bytes[at++] & 0xffL) << shift;
    }
    return value;
  }

  public String getString() {
    int length = getInt();
    at += length;
    return new String(bytes, at - length, length, StandardCharsets.UTF_8);
  }

  /// Passes over so many bytes.
  public void skip(int length) {
    at += length;
  }

  public byte[] getRaw(int length) {
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  public long[] getLongs(int count) {
    long[] values = new long[count];
    ByteBuffer.wrap(bytes, at, count * Long.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asLongBuffer()
        .get(values);
    at += count * Long.BYTES;
    return values;
  }

  public int[] getInts(int count) {
    int[] values = new int[count];
    ByteBuffer.wrap(bytes, at, count * Integer.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer()
        .get(values);
    at += count * Integer.BYTES;
    return values;
  }
}
