package dev.athanor.engine.diff;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;

/// How values are shown to people.
public final class Shown {
  private Shown() {}

  /// Bytes as text: UTF-8 where they are that, one character for each byte otherwise.
  public static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  /// A number of seconds since 1970, as a moment where it is one.
  public static String time(long seconds) {
    try {
      return Instant.ofEpochSecond(seconds).toString();
    } catch (DateTimeException e) {
      return Long.toString(seconds);
    }
  }

  /// Permissions as `chmod` takes them.
  public static String mode(long mode) {
    return String.format(Locale.ROOT, "%04o", mode);
  }

  /// Some bytes in hexadecimal, not too many of them.
  public static String hex(byte[] bytes) {
    return bytes.length <= 64
        ? HexFormat.of().formatHex(bytes)
        : HexFormat.of().formatHex(bytes, 0, 64) + "…";
  }

  public static String size(long bytes) {
    return bytes + " bytes";
  }

  /// The start of `text`, with a sign of what was cut off.
  static String bounded(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length) + "…";
  }

  /// Text without line ends or other control characters.
  static String line(String text) {
    return escaped(text, "");
  }

  /// Text without control characters other than line ends and tabs.
  static String lines(String text) {
    return escaped(text, "\n\t");
  }

  private static String escaped(String text, String allowed) {
    if (text.chars().noneMatch(c -> Character.isISOControl(c) && allowed.indexOf(c) < 0)) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    text.chars()
        .forEach(c -> {
          if (Character.isISOControl(c) && allowed.indexOf(c) < 0) {
            out.append(String.format(Locale.ROOT, "\\x%02x", c));
          } else {
            out.append((char) c);
          }
        });
    return out.toString();
  }
}
