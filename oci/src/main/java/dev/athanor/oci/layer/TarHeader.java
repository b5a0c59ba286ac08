package dev.athanor.oci.layer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// The header blocks of one entry, as [LayerFormat] lays them down.
final class TarHeader {
  static final int BLOCK = 512;

  static final char FILE = '0';
  static final char HARD_LINK = '1';
  static final char SYMLINK = '2';
  static final char CHARACTER_DEVICE = '3';
  static final char BLOCK_DEVICE = '4';
  static final char DIRECTORY = '5';
  static final char FIFO = '6';
  static final char PAX = 'x';

  static final String XATTR = "SCHILY.xattr.";

  private static final int NAME = 100;
  private static final int PREFIX = 155;
  private static final String PAX_NAME = "PaxHeader";

  private final char type;
  private final byte[] block = new byte[BLOCK];
  private final Map<String, String> pax = new TreeMap<>();

  /// @param name as written, in Latin-1, with the slash that ends a directory
  TarHeader(char type, String name) {
    this.type = type;
    putName(name);
    number(100, 8, 0);
    number(108, 8, 0);
    number(116, 8, 0);
    number(124, 12, 0);
    number(136, 12, 0);
    block[156] = (byte) type;
    text(257, 6, "ustar\0");
    text(263, 2, "00");
    number(329, 8, 0);
    number(337, 8, 0);
  }

  TarHeader attributes(Attributes attributes) {
    number(100, 8, attributes.mode());
    numberOrPax(108, 8, "uid", attributes.uid());
    numberOrPax(116, 8, "gid", attributes.gid());
    numberOrPax(136, 12, "mtime", attributes.mtime().getEpochSecond());
    attributes.xattrs().forEach((name, value) -> pax.put(XATTR + name.latin1(), value.latin1()));
    return this;
  }

  TarHeader size(long size) {
    numberOrPax(124, 12, "size", size);
    return this;
  }

  TarHeader link(String target) {
    if (target.length() <= NAME && isUstar(target)) {
      text(157, NAME, target);
    } else {
      text(157, NAME, asciiStart(target));
      pax.put("linkpath", target);
    }
    return this;
  }

  TarHeader device(DeviceNumber number) {
    number(329, 8, number.major());
    number(337, 8, number.minor());
    return this;
  }

  /// The blocks: a PAX header with its records where one is needed, then the header itself.
  byte[] blocks() {
    checksum();
    if (pax.isEmpty()) {
      return block;
    }
    byte[] records = records();
    byte[] first =
        new TarHeader(PAX, PAX_NAME).attributes(Attributes.of(0644)).size(records.length).blocks();
    int padded = (records.length + BLOCK - 1) / BLOCK * BLOCK;
    byte[] all = Arrays.copyOf(first, first.length + padded + BLOCK);
    System.arraycopy(records, 0, all, first.length, records.length);
    System.arraycopy(block, 0, all, first.length + padded, BLOCK);
    return all;
  }

  private void putName(String name) {
    int cut = isUstar(name) ? split(name) : -1;
    if (cut == 0) {
      text(0, NAME, name);
    } else if (cut > 0) {
      text(345, PREFIX, name.substring(0, cut));
      text(0, NAME, name.substring(cut + 1));
    } else {
      text(0, NAME, asciiStart(name));
      pax.put("path", name);
    }
  }

  /// ASCII may stand in a ustar field. So may bytes that are not UTF-8, since PAX records are UTF-8
  /// by definition; they go there only when they are too long.
  private static boolean isUstar(String latin1) {
    return latin1.chars().allMatch(c -> c < 0x80) || !Bytes.isUtf8(latin1);
  }

  /// Where the slash between prefix and name is, the first that leaves a name short enough; 0 when
  /// no prefix is needed, -1 when none helps.
  private static int split(String name) {
    if (name.length() <= NAME) {
      return 0;
    }
    int cut = name.indexOf('/', name.length() - NAME - 1);
    return cut > 0 && cut <= PREFIX && cut < name.length() - 1 ? cut : -1;
  }

  private static String asciiStart(String latin1) {
    String start = latin1.substring(0, Math.min(NAME, latin1.length()));
    StringBuilder out = new StringBuilder();
    start.chars().forEach(c -> out.append(c < 0x80 ? (char) c : '_'));
    return out.toString();
  }

  private void numberOrPax(int offset, int width, String key, long value) {
    if (value >= 0 && value < 1L << (3 * (width - 1))) {
      number(offset, width, value);
    } else {
      pax.put(key, Long.toString(value));
    }
  }

  /// Octal digits, zeros first, one NUL at the end.
  private void number(int offset, int width, long value) {
    for (int i = offset + width - 2; i >= offset; i--) {
      block[i] = (byte) ('0' + (value & 7));
      value >>>= 3;
    }
  }

  private void text(int offset, int width, String latin1) {
    byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, block, offset, Math.min(width, bytes.length));
  }

  /// Six octal digits, NUL, blank: the sum of all bytes with this field taken as blanks.
  private void checksum() {
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    number(148, 7, sum);
    block[154] = 0;
  }

  /// `LENGTH KEY=VALUE\n` each, where the length counts its own digits.
  private byte[] records() {
    StringBuilder out = new StringBuilder();
    pax.forEach((key, value) -> {
      int rest = key.length() + value.length() + 3;
      int length = rest + digits(rest);
      if (digits(length) > digits(rest)) {
        length = rest + digits(length);
      }
      out.append(length).append(' ').append(key).append('=').append(value).append('\n');
    });
    return out.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static int digits(int value) {
    return Integer.toString(value).length();
  }

  @Override
  public String toString() {
    return "tar header of type " + type;
  }
}
