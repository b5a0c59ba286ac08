package dev.athanor.engine.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Puts values into bytes, one behind the other, for a [RecordReader] to take out in the same
/// order.
///
/// Numbers that are mostly small have a variable length: seven bits a byte, the lowest first, all
/// but the last with the top bit set. Others are little-endian.
public final class RecordWriter {
  private byte[] bytes = new byte[256];
  private int size;

  /// How many bytes there are so far.
  public int size() {
    return size;
  }

  /// A number that is mostly small, and never negative.
  public RecordWriter putInt(int value) {
    if (value < 0) {
      throw new IllegalArgumentException("negative: " + value);
    }
    reserve(5);
    int left = value;
    while (left > 0x7f) {
      bytes[size++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    bytes[size++] = (byte) left;
    return this;
  }

  public RecordWriter putByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
    return this;
  }

  public RecordWriter putLong(long value) {
    reserve(Long.BYTES);
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      bytes[size++] = (byte) (value >>> shift);
    }
    return this;
  }

  /// The length, then UTF-8.
  public RecordWriter putString(String value) {
    return putBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /// UTF-8 alone; whoever reads it knows how long it is.
  public RecordWriter putUtf8(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return putRaw(utf8, utf8.length);
  }

  /// The length, then the bytes.
  public RecordWriter putBytes(byte[] value) {
    putInt(value.length);
    return putRaw(value, value.length);
  }

  /// The first `length` bytes; whoever reads them knows how many.
  public RecordWriter putRaw(byte[] value, int length) {
    reserve(length);
    System.arraycopy(value, 0, bytes, size, length);
    size += length;
    return this;
  }

  /// The first `count` longs; whoever reads them knows how many.
  public RecordWriter putLongs(long[] values, int count) {
    reserve(count * Long.BYTES);
    ByteBuffer.wrap(bytes, size, count * Long.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asLongBuffer()
        .put(values, 0, count);
    size += count * Long.BYTES;
    return this;
  }

  /// The first `count` integers, four bytes each; whoever reads them knows how many.
  public RecordWriter putInts(int[] values, int count) {
    reserve(count * Integer.BYTES);
    ByteBuffer.wrap(bytes, size, count * Integer.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer()
        .put(values, 0, count);
    size += count * Integer.BYTES;
    return this;
  }

  /// All that was put.
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
    }
  }
}
