package dev.athanor.oci.diff;

import dev.athanor.engine.diff.DamagedException;
import dev.athanor.engine.diff.Data;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Records of PAX headers, values in Latin-1 so that no byte is lost.
final class PaxFields {
  private static final int LARGEST = 16 << 20;

  private PaxFields() {}

  /// Adds what a PAX header says; an empty value counts, since it takes a global one away.
  static void read(Data header, Map<String, String> into) throws IOException {
    String text = new String(header.all(LARGEST), StandardCharsets.ISO_8859_1);
    int at = 0;
    while (at < text.length() && text.charAt(at) != 0) {
      int space = text.indexOf(' ', at);
      int equals = text.indexOf('=', at);
      int end = space < 0 ? at : at + length(text.substring(at, space));
      if (end <= at || end > text.length() || equals < space || equals >= end - 1) {
        throw new DamagedException("no PAX record where one should be");
      }
      into.put(text.substring(space + 1, equals), text.substring(equals + 1, end - 1));
      at = end;
    }
  }

  static Map<String, String> read(Data header) throws IOException {
    Map<String, String> records = new LinkedHashMap<>();
    read(header, records);
    return records;
  }

  private static int length(String digits) throws DamagedException {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw new DamagedException("no length: " + digits, e);
    }
  }
}
