package dev.athanor.engine.diff.format;

import dev.athanor.engine.diff.DamagedException;
import dev.athanor.engine.diff.Data;
import dev.athanor.engine.diff.Member;
import dev.athanor.engine.diff.Members;
import dev.athanor.engine.diff.Shown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The central directory of a zip: the list at its end.
///
/// @param members in the order of that list
record ZipDirectory(List<Member> members, String comment) {
  private static final int END = 22;
  private static final int END_SIGNATURE = 0x0605_4b50;
  private static final int END_64 = 56;
  private static final int END_64_SIGNATURE = 0x0606_4b50;
  private static final int LOCATOR = 20;
  private static final int LOCATOR_SIGNATURE = 0x0706_4b50;
  private static final int LONGEST_COMMENT = 0xffff;

  ZipDirectory {
    members = List.copyOf(members);
  }

  static ZipDirectory read(Data data) throws IOException {
    long end = end(data);
    Layout last = Layout.littleEndian(data, end, END);
    String comment = Shown.text(data.bytes(end + END, last.u16(20)));
    long size = last.u32(12);
    long offset = last.u32(16);
    long endOfList = end;
    if (offset == 0xffff_ffffL || size == 0xffff_ffffL || last.u16(10) == 0xffff) {
      long end64 = end64(data, end);
      if (end64 >= 0) {
        Layout large = Layout.littleEndian(data, end64, END_64);
        size = large.s64(40);
        offset = large.s64(48);
        endOfList = end64;
      }
    }
    // Whatever stands in front of a zip moves all its offsets.
    long start = endOfList - size;
    Data list = data.slice(start, size);
    Data zip = data.from(start - offset);
    List<Member> members = new ArrayList<>();
    List<ZipLocal> locals = new ArrayList<>();
    for (long at = 0; at < list.size(); ) {
      ZipEntry entry = ZipEntry.read(list.from(at));
      ZipLocal local = entry.local(zip);
      Members.add(entry.member(local), members);
      locals.add(local);
      at += entry.length();
    }
    checkApart(locals);
    return new ZipDirectory(members, comment);
  }

  /// No writer lets two entries share bytes; whoever does wants them to be unpacked many times.
  private static void checkApart(List<ZipLocal> locals) throws DamagedException {
    locals.sort(Comparator.comparingLong(ZipLocal::at));
    long end = 0;
    for (ZipLocal local : locals) {
      if (local.at() < end) {
        throw new DamagedException("entries that share bytes");
      }
      end = local.end();
    }
  }

  private static long end(Data data) throws IOException {
    int length = (int) Math.min(data.size(), END + LONGEST_COMMENT);
    long from = data.size() - length;
    Layout tail = Layout.littleEndian(data, from, length);
    for (int at = length - END; at >= 0; at--) {
      if (tail.s32(at) == END_SIGNATURE && tail.u16(at + 20) <= length - END - at) {
        return from + at;
      }
    }
    throw new DamagedException("no end of a zip");
  }

  private static long end64(Data data, long end) throws IOException {
    if (end < LOCATOR + END_64) {
      return -1;
    }
    Layout locator = Layout.littleEndian(data, end - LOCATOR, LOCATOR);
    long at = end - LOCATOR - END_64;
    boolean there =
        locator.s32(0) == LOCATOR_SIGNATURE
            && Layout.littleEndian(data, at, END_64).s32(0) == END_64_SIGNATURE;
    return there ? at : -1;
  }
}
