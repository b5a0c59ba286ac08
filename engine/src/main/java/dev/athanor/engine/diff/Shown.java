package dev.athanor.engine.diff;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// How values are shown to people.
public final class Shown {
  private static final int LAST_LINES = 20;
  private static final int LAST_CHARACTERS = 2000;

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

  static String size(long bytes) {
    return bytes + " bytes";
  }

  /// The end of what a program has written, where it says what went wrong: a few lines that show
  /// control characters instead of obeying them, below a sign of what was cut off.
  public static String lastLines(String output) {
    String text = output.stripTrailing();
    String end = lines(last(text).replace("\r\n", "\n"));
    List<String> few = last(end).lines().toList();
    List<String> shown = few.subList(Math.max(0, few.size() - LAST_LINES), few.size());
    boolean whole =
        text.length() <= LAST_CHARACTERS
            && end.length() <= LAST_CHARACTERS
            && shown.size() == few.size();
    return (whole ? "" : "…\n") + String.join("\n", shown);
  }

  private static String last(String text) {
    int start = Math.max(0, text.length() - LAST_CHARACTERS);
    boolean inCharacter = start > 0 && Character.isLowSurrogate(text.charAt(start));
    return text.substring(inCharacter ? start + 1 : start);
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
