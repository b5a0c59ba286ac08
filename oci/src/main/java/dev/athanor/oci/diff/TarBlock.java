package dev.athanor.oci.diff;

import dev.athanor.engine.diff.DamagedException;
import dev.athanor.engine.diff.Data;
import dev.athanor.engine.diff.Shown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A header block of a tar.
record TarBlock(Data data) {
  static final int SIZE = 512;

  private static final int CHECKSUM = 148;

  /// The block at `at`.
  static TarBlock at(long at, Data tar) throws IOException {
    return new TarBlock(Data.of(tar.bytes(at, SIZE)));
  }

  boolean isZero() throws IOException {
    byte[] bytes = data.head(SIZE);
    return Arrays.equals(bytes, new byte[SIZE]);
  }

  /// Whether its checksum is right. Some old writers summed signed bytes.
  boolean isHeader() throws IOException {
    byte[] bytes = data.head(SIZE);
    Arrays.fill(bytes, CHECKSUM, CHECKSUM + 8, (byte) ' ');
    int sum = 0;
    int signed = 0;
    for (byte b : bytes) {
      sum += b & 0xff;
      signed += b;
    }
    try {
      long expected = number(CHECKSUM, 8);
      return !isZero() && (expected == sum || expected == signed);
    } catch (DamagedException e) {
      return false;
    }
  }

  char type() throws IOException {
    char type = (char) (data.bytes(156, 1)[0] & 0xff);
    return type == 0 ? '0' : type;
  }

  /// Who laid down the fields that a v7 header does not have.
  String format() throws IOException {
    String magic = new String(data.bytes(257, 8), StandardCharsets.ISO_8859_1);
    return switch (magic) {
      case "ustar\00000" -> "ustar";
      case "ustar  \0" -> "gnu";
      default -> magic.startsWith("ustar") ? "other ustar" : "v7";
    };
  }

  /// The name, with the prefix that only ustar has.
  byte[] name() throws IOException {
    byte[] name = text(0, 100);
    if (!format().equals("ustar")) {
      return name;
    }
    byte[] prefix = text(345, 155);
    if (prefix.length == 0) {
      return name;
    }
    byte[] both = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
    both[prefix.length] = '/';
    System.arraycopy(name, 0, both, prefix.length + 1, name.length);
    return both;
  }

  /// Bytes up to the first zero.
  byte[] text(int at, int length) throws IOException {
    return upToZero(data.bytes(at, length));
  }

  static byte[] upToZero(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return Arrays.copyOf(bytes, end);
  }

  String shown(int at, int length) throws IOException {
    return Shown.text(text(at, length));
  }

  /// Octal digits, or a number of base 256 where the first bit is set.
  long number(int at, int length) throws IOException {
    byte[] bytes = data.bytes(at, length);
    if ((bytes[0] & 0x80) != 0) {
      long value = (bytes[0] & 0x40) != 0 ? -1 : 0;
      for (int i = Math.max(0, length - 8); i < length; i++) {
        value = value << 8 | (i == 0 ? bytes[i] & 0x3f : bytes[i] & 0xff);
      }
      return value;
    }
    String digits = new String(upToZero(bytes), StandardCharsets.ISO_8859_1).strip();
    try {
      return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    } catch (NumberFormatException e) {
      throw new DamagedException("not an octal number: " + digits, e);
    }
  }

  /// Whether more of a GNU map of holes follows, in a block of its own.
  boolean hasMoreSparse() throws IOException {
    return type() == 'S' && data.bytes(482, 1)[0] != 0;
  }
}
