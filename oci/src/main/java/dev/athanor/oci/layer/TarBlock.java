package dev.athanor.oci.layer;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One header block as it was found: v7, ustar, star or GNU.
final class TarBlock {
  private final byte[] block;

  TarBlock(byte[] block) {
    this.block = block;
  }

  boolean isZero() {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /// Whether the checksum is right; some old writers summed signed bytes.
  boolean isHeader() {
    int unsigned = 8 * ' ';
    int signed = 8 * ' ';
    for (int i = 0; i < block.length; i++) {
      if (i < 148 || i >= 156) {
        unsigned += block[i] & 0xff;
        signed += block[i];
      }
    }
    long sum = number("checksum", 148, 8);
    return sum == unsigned || sum == signed;
  }

  char type() {
    return (char) (block[156] & 0xff);
  }

  /// Name and prefix joined, in Latin-1. GNU keeps times where ustar has its prefix, star keeps
  /// them in the last 24 bytes of it.
  String name() {
    String name = text(0, 100);
    if (!is(257, "ustar\0")) {
      return name;
    }
    String prefix = text(345, is(508, "tar\0") ? 131 : 155);
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  String link() {
    return text(157, 100);
  }

  /// Whether the block has device numbers, which v7 has not.
  boolean hasDeviceNumbers() {
    return is(257, "ustar");
  }

  /// Octal digits among blanks and NULs, or the binary form of GNU: the first bit set, then two's
  /// complement.
  long number(String field, int offset, int width) {
    if ((block[offset] & 0x80) != 0) {
      return binary(field, offset, width);
    }
    String text = latin1(offset, width).replace('\0', ' ').strip();
    if (text.isEmpty()) {
      return 0;
    }
    if (!text.chars().allMatch(c -> c >= '0' && c <= '7')) {
      throw new LayerException(
          "a header whose " + field + " is not a number: " + Bytes.printable(text));
    }
    return Long.parseLong(text, 8);
  }

  private long binary(String field, int offset, int width) {
    byte[] bytes = Arrays.copyOfRange(block, offset, offset + width);
    if (bytes[0] == (byte) 0x80) {
      bytes[0] = 0;
    }
    try {
      return new BigInteger(bytes).longValueExact();
    } catch (ArithmeticException e) {
      throw new LayerException("a header whose " + field + " is beyond all bounds", e);
    }
  }

  private boolean is(int offset, String expected) {
    return latin1(offset, expected.length()).equals(expected);
  }

  /// Up to the first NUL.
  private String text(int offset, int width) {
    String text = latin1(offset, width);
    int nul = text.indexOf('\0');
    return nul < 0 ? text : text.substring(0, nul);
  }

  private String latin1(int offset, int width) {
    return new String(block, offset, width, StandardCharsets.ISO_8859_1);
  }
}
