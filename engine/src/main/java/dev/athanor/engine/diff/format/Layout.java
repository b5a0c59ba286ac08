package dev.athanor.engine.diff.format;

import dev.athanor.engine.diff.DamagedException;
import dev.athanor.engine.diff.Data;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Numbers and texts at fixed places of a header.
///
/// Whatever lies outside of the header is damage.
record Layout(ByteBuffer bytes) {
  static Layout littleEndian(byte[] bytes) {
    return new Layout(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
  }

  static Layout littleEndian(Data data, long at, int length) throws IOException {
    return littleEndian(data.bytes(at, length));
  }

  int size() {
    return bytes.capacity();
  }

  int u8(int at) throws DamagedException {
    return bytes.get(checked(at, 1)) & 0xff;
  }

  int u16(int at) throws DamagedException {
    return bytes.getShort(checked(at, 2)) & 0xffff;
  }

  long u32(int at) throws DamagedException {
    return bytes.getInt(checked(at, 4)) & 0xffff_ffffL;
  }

  int s32(int at) throws DamagedException {
    return bytes.getInt(checked(at, 4));
  }

  long s64(int at) throws DamagedException {
    return bytes.getLong(checked(at, 8));
  }

  byte[] bytes(int at, int length) throws DamagedException {
    byte[] some = new byte[Math.max(0, length)];
    bytes.get(checked(at, length), some);
    return some;
  }

  /// A text in ASCII, without the blanks and zeros behind it.
  String ascii(int at, int length) throws DamagedException {
    String text = new String(bytes(at, length), StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\0');
    return (end < 0 ? text : text.substring(0, end)).stripTrailing();
  }

  private int checked(int at, int length) throws DamagedException {
    if (at < 0 || length < 0 || at > bytes.capacity() - length) {
      throw new DamagedException("a header ends early");
    }
    return at;
  }
}
