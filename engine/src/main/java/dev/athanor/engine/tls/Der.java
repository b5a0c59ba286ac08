package dev.athanor.engine.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// As much of ASN.1's distinguished encoding as it takes to put a private key into another
/// envelope: one byte of tag, a length, the content.
final class Der {
  private Der() {}

  /// A class and no record, because its content is an array.
  static final class Value {
    private final int tag;
    private final byte[] content;

    private Value(int tag, byte[] content) {
      this.tag = tag;
      this.content = content;
    }

    int tag() {
      return tag;
    }

    byte[] content() {
      return content.clone();
    }
  }

  static byte[] of(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(content.length) + 7) / 8;
      out.write(0x80 | bytes);
      for (int i = bytes - 1; i >= 0; i--) {
        out.write(content.length >>> (8 * i));
      }
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  static byte[] sequence(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return of(0x30, out.toByteArray());
  }

  /// The values that follow each other in `bytes`; there is at least one.
  ///
  /// @throws IllegalArgumentException when they are cut short
  static List<Value> parts(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    List<Value> parts = new ArrayList<>();
    do {
      check(in.remaining() >= 2);
      int tag = in.get() & 0xff;
      int length = in.get() & 0xff;
      if (length >= 0x80) {
        int size = length & 0x7f;
        check(size <= 3 && in.remaining() >= size);
        length = 0;
        for (int i = 0; i < size; i++) {
          length = length << 8 | (in.get() & 0xff);
        }
      }
      check(in.remaining() >= length);
      byte[] content = new byte[length];
      in.get(content);
      parts.add(new Value(tag, content));
    } while (in.hasRemaining());
    return parts;
  }

  private static void check(boolean whole) {
    if (!whole) {
      throw new IllegalArgumentException("cut short");
    }
  }
}
