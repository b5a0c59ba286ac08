package dev.athanor.engine.diff.format;

import dev.athanor.engine.diff.DamagedException;
import dev.athanor.engine.diff.Data;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.diff.Field;
import dev.athanor.engine.diff.Shown;
import dev.athanor.engine.diff.Wrapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/// gzip, RFC 1952. The header of the first member counts; what several members hold is one file.
final class GzipFormat implements Wrapper {
  private static final byte[] MAGIC = {0x1f, (byte) 0x8b, 8};
  private static final int FIXED = 10;
  private static final int BUFFER = 64 * 1024;

  /// Names and comments in headers are not longer.
  private static final int LONGEST_HEADER = 256 * 1024;

  private static final int HAS_CRC = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;

  @Override
  public String name() {
    return "gzip";
  }

  @Override
  public boolean recognises(Data data) throws IOException {
    return data.startsWith(MAGIC);
  }

  @Override
  public List<Field> fields(Data data) throws IOException {
    return Header.read(data).fields;
  }

  @Override
  public long headerLength(Data data) throws IOException {
    return Header.read(data).length;
  }

  @Override
  public InputStream unwrap(Data data) throws IOException {
    return new GZIPInputStream(new BufferedInputStream(data.open(), BUFFER), BUFFER);
  }

  private record Header(List<Field> fields, int length) {
    static Header read(Data data) throws IOException {
      Layout header = Layout.littleEndian(data.head(LONGEST_HEADER));
      int flags = header.u8(3);
      List<Field> fields = new ArrayList<>();
      fields.add(new Field("flags", Aspect.ENCODING, Integer.toString(flags)));
      long time = header.u32(4);
      fields.add(new Field("mtime", Aspect.TIME, time == 0 ? "none" : Shown.time(time)));
      fields.add(new Field("level", Aspect.ENCODING, level(header.u8(8))));
      fields.add(new Field("system", Aspect.ENCODING, system(header.u8(9))));
      int at = FIXED;
      if ((flags & HAS_EXTRA) != 0) {
        int length = header.u16(at);
        fields.add(new Field("extra", Aspect.VALUE, Shown.hex(header.bytes(at + 2, length))));
        at += 2 + length;
      }
      if ((flags & HAS_NAME) != 0) {
        int end = end(header, at);
        fields.add(new Field("name", Aspect.VALUE, Shown.text(header.bytes(at, end - at))));
        at = end + 1;
      }
      if ((flags & HAS_COMMENT) != 0) {
        int end = end(header, at);
        fields.add(new Field("comment", Aspect.VALUE, Shown.text(header.bytes(at, end - at))));
        at = end + 1;
      }
      return new Header(fields, (flags & HAS_CRC) != 0 ? at + 2 : at);
    }

    private static int end(Layout header, int from) throws DamagedException {
      int at = from;
      while (header.u8(at) != 0) {
        at++;
      }
      return at;
    }

    private static String level(int flags) {
      return switch (flags) {
        case 0 -> "unknown";
        case 2 -> "best";
        case 4 -> "fastest";
        default -> Integer.toString(flags);
      };
    }

    private static String system(int number) {
      return switch (number) {
        case 0 -> "FAT";
        case 3 -> "Unix";
        case 7 -> "Macintosh";
        case 11 -> "NTFS";
        case 255 -> "unknown";
        default -> Integer.toString(number);
      };
    }
  }
}
