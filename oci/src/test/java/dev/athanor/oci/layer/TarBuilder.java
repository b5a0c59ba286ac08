package dev.athanor.oci.layer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/// Puts tars together that [TarWriter] would never write: old formats, odd fields, lies. Text is
/// Latin-1.
public final class TarBuilder {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /// A ustar member with mode 0644 and the size of `data`.
  public TarBuilder member(char type, String name, String data) {
    return member(type, name, data, _ -> {});
  }

  /// The same, after `change` had its way with the block; the checksum is right all the same.
  public TarBuilder member(char type, String name, String data, Consumer<byte[]> change) {
    byte[] block = new byte[512];
    put(block, 0, name);
    put(block, 100, "0000644\0");
    put(block, 108, "0000000\0");
    put(block, 116, "0000000\0");
    put(block, 124, octal(data.length(), 11) + "\0");
    put(block, 136, "00000000000\0");
    block[156] = (byte) type;
    put(block, 257, "ustar\00000");
    change.accept(block);
    checksum(block);
    return raw(block).data(data);
  }

  public TarBuilder file(String name, String data) {
    return member('0', name, data);
  }

  public TarBuilder link(char type, String name, String target) {
    return member(type, name, "", block -> put(block, 157, target));
  }

  /// A PAX header with `key`, `value`, `key`, `value`.
  public TarBuilder pax(String... records) {
    return extension('x', records(records));
  }

  public TarBuilder global(String... records) {
    return extension('g', records(records));
  }

  /// A header that says something about the next one.
  public TarBuilder extension(char type, String data) {
    return member(type, "extension", data);
  }

  /// Data and its padding.
  public TarBuilder data(String data) {
    byte[] bytes = data.getBytes(StandardCharsets.ISO_8859_1);
    return raw(bytes).raw(new byte[-bytes.length & 511]);
  }

  public TarBuilder raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /// The archive with its end marker.
  public byte[] end() {
    return raw(new byte[1024]).bytes();
  }

  /// What there is so far.
  public byte[] bytes() {
    return out.toByteArray();
  }

  public static void put(byte[] block, int offset, String latin1) {
    byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, block, offset, bytes.length);
  }

  /// A number as GNU tar writes it when octal digits do not suffice.
  public static void base256(byte[] block, int offset, int width, long value) {
    for (int i = offset + width - 1; i >= offset; i--) {
      block[i] = (byte) value;
      value >>= 8;
    }
    block[offset] = (byte) (block[offset] | 0x80);
  }

  public static String octal(long value, int digits) {
    return "0".repeat(digits - Long.toOctalString(value).length()) + Long.toOctalString(value);
  }

  private static String records(String... records) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < records.length; i += 2) {
      String rest = " " + records[i] + "=" + records[i + 1] + "\n";
      int length = rest.length() + 1;
      while (Integer.toString(length).length() + rest.length() != length) {
        length++;
      }
      all.append(length).append(rest);
    }
    return all.toString();
  }

  private static void checksum(byte[] block) {
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    put(block, 148, octal(sum, 6) + "\0 ");
  }
}
