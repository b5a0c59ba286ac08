package dev.athanor.engine.diff.format;

import dev.athanor.engine.diff.DamagedException;
import dev.athanor.engine.diff.Data;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.diff.Field;
import dev.athanor.engine.diff.Format;
import dev.athanor.engine.diff.Member;
import dev.athanor.engine.diff.Members;
import dev.athanor.engine.diff.Place;
import dev.athanor.engine.diff.Shown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Archives of `cpio` in the format called newc: initial RAM disks and the inside of RPMs.
final class CpioFormat implements Format {
  private static final byte[] MAGIC = "07070".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER = 110;
  private static final int LONGEST_NAME = 4096;
  private static final String LAST = "TRAILER!!!";

  @Override
  public String name() {
    return "cpio";
  }

  @Override
  public boolean recognises(Data data) throws IOException {
    byte[] head = data.head(6);
    return data.startsWith(MAGIC) && head.length == 6 && (head[5] == '1' || head[5] == '2');
  }

  @Override
  public void compare(Data before, Data after, Place place) throws IOException {
    Members.compare(members(before), members(after), place);
  }

  private static List<Member> members(Data data) throws IOException {
    List<Member> members = new ArrayList<>();
    long at = 0;
    while (true) {
      Layout header = Layout.littleEndian(data, at, HEADER);
      long size = number(header, 6);
      int nameLength = (int) number(header, 11);
      if (nameLength < 1 || nameLength > LONGEST_NAME) {
        throw new DamagedException("a name of " + nameLength + " bytes");
      }
      String name = Shown.text(data.bytes(at + HEADER, nameLength - 1));
      if (name.equals(LAST)) {
        return members;
      }
      long start = padded(at + HEADER + nameLength);
      Members.add(Member.plain(name, () -> fields(header), data.slice(start, size)), members);
      at = padded(start + size);
    }
  }

  private static List<Field> fields(Layout header) throws DamagedException {
    return List.of(
        new Field("inode", Aspect.VALUE, Long.toString(number(header, 0))),
        new Field("mode", Aspect.MODE, Shown.mode(number(header, 1))),
        new Field("uid", Aspect.OWNER, Long.toString(number(header, 2))),
        new Field("gid", Aspect.OWNER, Long.toString(number(header, 3))),
        new Field("links", Aspect.VALUE, Long.toString(number(header, 4))),
        new Field("mtime", Aspect.TIME, Shown.time(number(header, 5))),
        new Field("on device", Aspect.VALUE, number(header, 7) + ":" + number(header, 8)),
        new Field("device", Aspect.VALUE, number(header, 9) + ":" + number(header, 10)));
  }

  /// The numbers of a header have eight hexadecimal digits each.
  private static long number(Layout header, int index) throws DamagedException {
    String digits = header.ascii(6 + 8 * index, 8);
    try {
      return Long.parseUnsignedLong(digits, 16);
    } catch (NumberFormatException e) {
      throw new DamagedException("not a number: " + digits, e);
    }
  }

  private static long padded(long at) {
    return (at + 3) & ~3L;
  }
}
