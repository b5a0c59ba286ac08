package dev.athanor.oci.layer;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One component of an [EntryPath]: 1 to 255 bytes, no slash, no NUL, neither `.` nor `..`.
public final class EntryName implements Comparable<EntryName> {
  /// What Linux file systems allow.
  public static final int MAX_BYTES = 255;

  private final String latin1;

  private EntryName(String latin1) {
    this.latin1 = latin1;
  }

  /// The name that is `text` in UTF-8.
  ///
  /// @throws IllegalArgumentException when that is not a name
  public static EntryName parse(String text) {
    return ofLatin1(Bytes.utf8(text).latin1());
  }

  /// The name with these bytes.
  ///
  /// @throws IllegalArgumentException when that is not a name
  public static EntryName of(byte[] bytes) {
    return ofLatin1(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  static EntryName ofLatin1(String latin1) {
    String fault = fault(latin1);
    if (fault != null) {
      throw new IllegalArgumentException(
          "not a file name, " + fault + ": '" + Bytes.printable(latin1) + "'");
    }
    return new EntryName(latin1);
  }

  /// What keeps the bytes from being a name; null when nothing does.
  private static @Nullable String fault(String latin1) {
    if (latin1.isEmpty()) {
      return "empty";
    } else if (latin1.equals(".") || latin1.equals("..")) {
      return "reserved";
    } else if (latin1.length() > MAX_BYTES) {
      return "longer than " + MAX_BYTES + " bytes";
    } else if (latin1.indexOf('/') >= 0 || latin1.indexOf('\0') >= 0) {
      return "with a slash or NUL";
    }
    return null;
  }

  public byte[] bytes() {
    return latin1.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Whether the name would be read as a whiteout, so that no file of a layer can have it.
  public boolean isWhiteout() {
    return latin1.startsWith(LayerFormat.WHITEOUT);
  }

  String latin1() {
    return latin1;
  }

  @Override
  public int compareTo(EntryName that) {
    return latin1.compareTo(that.latin1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EntryName that && latin1.equals(that.latin1);
  }

  @Override
  public int hashCode() {
    return latin1.hashCode();
  }

  @Override
  public String toString() {
    return Bytes.printable(latin1);
  }
}
