package dev.athanor.engine.digest;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// A SHA-256 value, held as four big-endian words: a quarter of the memory of its hex text.
public record Sha256(long word0, long word1, long word2, long word3) implements Comparable<Sha256> {
  /// Bytes in a value.
  public static final int BYTES = 32;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /// Reads 64 lower-case hex digits.
  ///
  /// @throws IllegalArgumentException when `hex` is anything else
  public static Sha256 parse(String hex) {
    if (!isHex(hex)) {
      throw new IllegalArgumentException(
          "not a SHA-256 digest (64 lower-case hex digits expected): " + abbreviated(hex));
    }
    return new Sha256(word(hex, 0), word(hex, 16), word(hex, 32), word(hex, 48));
  }

  /// Whether `text` is 64 lower-case hex digits.
  public static boolean isHex(String text) {
    return text.length() == 2 * BYTES
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  /// Reads 32 bytes.
  public static Sha256 of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("32 bytes expected, got " + bytes.length);
    }
    return new Sha256(
        (long) LONG.get(bytes, 0),
        (long) LONG.get(bytes, 8),
        (long) LONG.get(bytes, 16),
        (long) LONG.get(bytes, 24));
  }

  /// The 32 bytes.
  public byte[] bytes() {
    byte[] bytes = new byte[BYTES];
    LONG.set(bytes, 0, word0);
    LONG.set(bytes, 8, word1);
    LONG.set(bytes, 16, word2);
    LONG.set(bytes, 24, word3);
    return bytes;
  }

  /// 64 lower-case hex digits.
  public String hex() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(word0)
        + hex.toHexDigits(word1)
        + hex.toHexDigits(word2)
        + hex.toHexDigits(word3);
  }

  @Override
  public int compareTo(Sha256 that) {
    int order = Long.compareUnsigned(word0, that.word0);
    order = order != 0 ? order : Long.compareUnsigned(word1, that.word1);
    order = order != 0 ? order : Long.compareUnsigned(word2, that.word2);
    return order != 0 ? order : Long.compareUnsigned(word3, that.word3);
  }

  /// The first word is as good a hash as any mixture of all four.
  @Override
  public int hashCode() {
    return Long.hashCode(word0);
  }

  @Override
  public String toString() {
    return hex();
  }

  private static long word(String hex, int from) {
    return HexFormat.fromHexDigitsToLong(hex, from, from + 16);
  }

  private static String abbreviated(String text) {
    return text.length() <= 80 ? "'" + text + "'" : "'" + text.substring(0, 77) + "...'";
  }
}
