package dev.athanor.engine.diff.format;

import dev.athanor.engine.diff.DamagedException;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.diff.Field;
import dev.athanor.engine.diff.Shown;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What zip writers have added to an entry, each under a number of its own.
final class ZipExtra {
  private static final int ZIP64 = 0x0001;
  private static final int NTFS = 0x000a;
  private static final int TIMES = 0x5455;
  private static final int OWNER = 0x7875;
  private static final long IN_ZIP64 = 0xffff_ffffL;

  /// Seconds from 1601 to 1970.
  private static final long NTFS_EPOCH = 11_644_473_600L;

  private ZipExtra() {}

  /// @param packed bytes in the zip
  /// @param offset of the local header
  record Sizes(long packed, long offset) {}

  /// Large numbers stand in an extra field, those that are large only.
  static Sizes sizes(Layout extra, long size, long packed, long offset) throws DamagedException {
    long largePacked = packed;
    long largeOffset = offset;
    for (int at = 0; at + 4 <= extra.size(); at += 4 + extra.u16(at + 2)) {
      if (extra.u16(at) == ZIP64) {
        int next = at + 4 + (size == IN_ZIP64 ? 8 : 0);
        if (packed == IN_ZIP64) {
          largePacked = extra.s64(next);
          next += 8;
        }
        if (offset == IN_ZIP64) {
          largeOffset = extra.s64(next);
        }
      }
    }
    return new Sizes(largePacked, largeOffset);
  }

  /// @param prefix of the fields' names
  static List<Field> fields(Layout extra, String prefix) throws DamagedException {
    List<Field> fields = new ArrayList<>();
    for (int at = 0; at + 4 <= extra.size(); at += 4 + extra.u16(at + 2)) {
      int id = extra.u16(at);
      byte[] bytes = extra.bytes(at + 4, extra.u16(at + 2));
      Layout data = Layout.littleEndian(bytes);
      switch (id) {
        case TIMES -> times(data, prefix, fields);
        case NTFS -> ntfs(data, prefix, fields);
        case OWNER -> owner(data, prefix, fields);
        default ->
            fields.add(
                new Field(
                    prefix + "extra 0x" + Integer.toHexString(id),
                    id == ZIP64 ? Aspect.ENCODING : Aspect.VALUE,
                    bytes.length == 0 ? "there" : Shown.hex(bytes)));
      }
    }
    return fields;
  }

  /// A bit for each time that is there; a central directory has but the first.
  private static void times(Layout data, String prefix, List<Field> fields)
      throws DamagedException {
    int flags = data.u8(0);
    int at = 1;
    for (String name : List.of("mtime", "atime", "ctime")) {
      if ((flags & 1) != 0 && at + 4 <= data.size()) {
        fields.add(new Field(prefix + "unix " + name, Aspect.TIME, Shown.time(data.s32(at))));
        at += 4;
      }
      flags >>= 1;
    }
  }

  /// Four bytes, then attributes of which the first holds three times.
  private static void ntfs(Layout data, String prefix, List<Field> fields) throws DamagedException {
    for (int i = 0; i < 3 && 8 + 8 * (i + 1) <= data.size(); i++) {
      long ticks = data.s64(8 + 8 * i);
      Instant time =
          Instant.ofEpochSecond(
              Math.floorDiv(ticks, 10_000_000) - NTFS_EPOCH,
              Math.floorMod(ticks, 10_000_000) * 100L);
      String name = List.of("mtime", "atime", "ctime").get(i);
      fields.add(new Field(prefix + "ntfs " + name, Aspect.TIME, time.toString()));
    }
  }

  private static void owner(Layout data, String prefix, List<Field> fields)
      throws DamagedException {
    int uidLength = data.u8(1);
    int gidLength = data.u8(2 + uidLength);
    fields.add(new Field(prefix + "uid", Aspect.OWNER, number(data, 2, uidLength)));
    fields.add(new Field(prefix + "gid", Aspect.OWNER, number(data, 3 + uidLength, gidLength)));
  }

  private static String number(Layout data, int at, int length) throws DamagedException {
    return switch (length) {
      case 4 -> Long.toString(data.u32(at));
      case 2 -> Integer.toString(data.u16(at));
      default -> Shown.hex(data.bytes(at, length));
    };
  }
}
