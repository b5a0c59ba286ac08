package dev.athanor.oci.layer;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The records of PAX extended headers, in Latin-1: the global ones, overridden by those of one
/// member. An empty value takes a record away.
final class PaxRecords {
  private static final String LIBARCHIVE_XATTR = "LIBARCHIVE.xattr.";

  private final Map<String, String> records;

  /// `GNU.sparse.offset` and `.numbytes` of format 0.0, the only keys that repeat in one header.
  private final List<Long> sparsePairs = new ArrayList<>();

  PaxRecords() {
    records = new HashMap<>();
  }

  PaxRecords(PaxRecords global) {
    records = new HashMap<>(global.records);
  }

  void parse(byte[] bytes) {
    int at = 0;
    while (at < bytes.length && bytes[at] != 0) {
      int space = at;
      while (space < bytes.length && bytes[space] >= '0' && bytes[space] <= '9') {
        space++;
      }
      String digits = latin1(bytes, at, space);
      int length = digits.isEmpty() || digits.length() > 9 ? 0 : Integer.parseInt(digits);
      int end = at + length;
      if (end > bytes.length || end <= space + 2 || bytes[space] != ' ' || bytes[end - 1] != '\n') {
        throw new LayerException("a PAX record that does not have its length");
      }
      add(latin1(bytes, space + 1, end - 1));
      at = end;
    }
  }

  private void add(String record) {
    int equals = record.indexOf('=');
    if (equals <= 0) {
      throw new LayerException("a PAX record without a key");
    }
    String key = record.substring(0, equals);
    String value = record.substring(equals + 1);
    if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
      sparsePairs.add(number(key, value));
    } else if (value.isEmpty()) {
      records.remove(key);
    } else {
      records.put(key, value);
    }
  }

  @Nullable String get(String key) {
    return records.get(key);
  }

  String get(String key, String otherwise) {
    return records.getOrDefault(key, otherwise);
  }

  long number(String key, long otherwise) {
    String value = records.get(key);
    return value == null ? otherwise : number(key, value);
  }

  private static long number(String key, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new LayerException("PAX " + key + " is not a number: " + Bytes.printable(value));
    }
  }

  /// A decimal number of seconds, with any number of decimals; beyond nanoseconds they are cut off
  /// towards the past.
  Instant time(String key, Instant otherwise) {
    String value = records.get(key);
    if (value == null) {
      return otherwise;
    }
    try {
      int point = value.indexOf('.');
      String whole = point < 0 ? value : value.substring(0, point);
      String fraction = point < 0 ? "" : value.substring(point + 1);
      boolean negative = whole.startsWith("-");
      long seconds = whole.isEmpty() || whole.equals("-") ? 0 : Long.parseLong(whole);
      int nanos = Integer.parseUnsignedInt((fraction + "000000000").substring(0, 9));
      return Instant.ofEpochSecond(seconds, negative ? -nanos : nanos);
    } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
      throw new LayerException("PAX " + key + " is not a time: " + Bytes.printable(value), e);
    }
  }

  Map<Bytes, Bytes> xattrs() {
    Map<Bytes, Bytes> xattrs = new TreeMap<>();
    records.forEach((key, value) -> {
      if (key.startsWith(LIBARCHIVE_XATTR)) {
        xattrs.putIfAbsent(
            new Bytes(percentDecoded(key.substring(LIBARCHIVE_XATTR.length()))),
            decoded(key, value));
      } else if (key.startsWith(TarHeader.XATTR)) {
        xattrs.put(new Bytes(key.substring(TarHeader.XATTR.length())), new Bytes(value));
      }
    });
    return xattrs;
  }

  /// Offset and length, again and again, of sparse format 0.0; empty when there are none.
  List<Long> sparsePairs() {
    return sparsePairs;
  }

  private static Bytes decoded(String key, String value) {
    try {
      String padded = value + "====".substring(value.length() % 4 == 0 ? 4 : value.length() % 4);
      return Bytes.of(Base64.getMimeDecoder().decode(padded));
    } catch (IllegalArgumentException e) {
      throw new LayerException("PAX " + Bytes.printable(key) + " is not base 64", e);
    }
  }

  private static String percentDecoded(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%' && i + 2 < text.length() && isHex(text, i + 1) && isHex(text, i + 2)) {
        out.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static boolean isHex(String text, int index) {
    return Character.digit(text.charAt(index), 16) >= 0;
  }

  private static String latin1(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
