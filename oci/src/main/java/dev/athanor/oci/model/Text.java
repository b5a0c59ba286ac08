package dev.athanor.oci.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/// Small rules about text.
final class Text {
  private static final int SHOWN = 200;

  /// Order of Go's sorted maps: unsigned bytes of the UTF-8 form, which differs from
  /// [String#compareTo] beyond the Basic Multilingual Plane.
  static final Comparator<String> BYTE_ORDER =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private Text() {}

  /// Text from outside, short and printable enough for a message.
  static String abbreviated(String text) {
    String shown = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    return shown.codePoints().anyMatch(Character::isISOControl)
        ? shown.replaceAll("\\p{Cntrl}", "?")
        : shown;
  }
}
