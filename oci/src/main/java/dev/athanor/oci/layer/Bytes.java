package dev.athanor.oci.layer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// An immutable sequence of bytes, ordered as unsigned bytes.
///
/// File names, link targets and extended attributes are bytes: they need not be UTF-8, and must
/// come out as they went in. The bytes are held as a Latin-1 string, one byte per character, which
/// the JVM stores compactly, compares as unsigned bytes, and hashes once.
public final class Bytes implements Comparable<Bytes> {
  public static final Bytes EMPTY = new Bytes("");

  private final String latin1;

  Bytes(String latin1) {
    this.latin1 = latin1;
  }

  public static Bytes of(byte[] bytes) {
    return new Bytes(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  /// The UTF-8 form of `text`.
  public static Bytes utf8(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  public int length() {
    return latin1.length();
  }

  public boolean isEmpty() {
    return latin1.isEmpty();
  }

  public boolean startsWith(Bytes prefix) {
    return latin1.startsWith(prefix.latin1);
  }

  public byte[] toArray() {
    return latin1.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// The parts between the slashes; one more than there are slashes.
  public List<Bytes> splitAtSlashes() {
    return Arrays.stream(latin1.split("/", -1)).map(Bytes::new).toList();
  }

  /// One character per byte, U+0000 to U+00FF.
  String latin1() {
    return latin1;
  }

  @Override
  public int compareTo(Bytes that) {
    return latin1.compareTo(that.latin1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && latin1.equals(that.latin1);
  }

  @Override
  public int hashCode() {
    return latin1.hashCode();
  }

  /// The text in UTF-8; where that is not possible, or would not print, `\xNN` for each byte.
  @Override
  public String toString() {
    return printable(latin1);
  }

  /// What to show to people for bytes held as Latin-1.
  static String printable(String latin1) {
    byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.codePoints().noneMatch(c -> Character.isISOControl(c) || c == '\\')) {
        return text;
      }
    } catch (CharacterCodingException e) {
      // Not UTF-8: escaped below.
    }
    StringBuilder out = new StringBuilder();
    for (byte b : bytes) {
      if (b >= ' ' && b < 0x7f && b != '\\') {
        out.append((char) b);
      } else {
        out.append(String.format(java.util.Locale.ROOT, "\\x%02x", b & 0xff));
      }
    }
    return out.toString();
  }

  /// Whether bytes held as Latin-1 are well-formed UTF-8.
  static boolean isUtf8(String latin1) {
    try {
      byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
