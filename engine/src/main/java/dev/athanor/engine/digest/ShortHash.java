package dev.athanor.engine.digest;

import java.util.HexFormat;

/// Tells texts apart where nobody has a reason to forge one, as in the names of files of our own.
/// SHA-256 would cost a process that has just started more than all else that it does.
public final class ShortHash {
  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private ShortHash() {}

  /// 64 bits: FNV-1a over the characters.
  static long of(String text) {
    long hash = OFFSET;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    return hash;
  }

  /// The same as 16 hex digits.
  public static String hex(String text) {
    return HexFormat.of().toHexDigits(of(text));
  }
}
