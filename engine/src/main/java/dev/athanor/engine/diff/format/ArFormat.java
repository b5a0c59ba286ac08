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

/// Archives of `ar`: static libraries and Debian packages, as System V, GNU and BSD write them.
final class ArFormat implements Format {
  private static final byte[] MAGIC = "!<arch>\n".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER = 60;
  private static final int LONGEST_NAME = 4096;
  private static final int LONGEST_NAMES = 64 << 20;

  @Override
  public String name() {
    return "ar";
  }

  @Override
  public boolean recognises(Data data) throws IOException {
    return data.startsWith(MAGIC);
  }

  @Override
  public void compare(Data before, Data after, Place place) throws IOException {
    Members.compare(members(before), members(after), place);
  }

  private static List<Member> members(Data data) throws IOException {
    List<Member> members = new ArrayList<>();
    Data names = Data.EMPTY;
    long at = MAGIC.length;
    while (at < data.size()) {
      Layout header = Layout.littleEndian(data, at, HEADER);
      if (header.u16(58) != 0x0a60) {
        throw new DamagedException("no header where one should be");
      }
      long size = number(header.ascii(48, 10), 10);
      Data bytes = data.slice(at + HEADER, size);
      String name = header.ascii(0, 16);
      if (name.equals("//")) {
        names = bytes;
      } else if (name.startsWith("#1/")) {
        int length = (int) Math.min(LONGEST_NAME, number(name.substring(3), 10));
        String text = Shown.text(bytes.bytes(0, length));
        String whole = text.replace("\0", "");
        Members.add(Member.plain(whole, () -> fields(header), bytes.from(length)), members);
      } else {
        Members.add(Member.plain(name(name, names), () -> fields(header), bytes), members);
      }
      at += HEADER + size + (size & 1);
    }
    return members;
  }

  /// A name that is too long stands in a member of its own; any other ends with a slash.
  private static String name(String name, Data names) throws IOException {
    if (name.equals("/") || name.equals("/SYM64/") || name.equals("__.SYMDEF")) {
      return "symbol table";
    }
    if (!name.startsWith("/")) {
      return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    }
    long at = number(name.substring(1), 10);
    Data rest = names.slice(0, Math.min(names.size(), LONGEST_NAMES)).from(at);
    String text = Shown.text(rest.head(LONGEST_NAME));
    int end = text.indexOf('\n');
    String line = end < 0 ? text : text.substring(0, end);
    return line.endsWith("/") ? line.substring(0, line.length() - 1) : line;
  }

  private static List<Field> fields(Layout header) throws DamagedException {
    return List.of(
        new Field("mtime", Aspect.TIME, Shown.time(number(header.ascii(16, 12), 10))),
        new Field("uid", Aspect.OWNER, header.ascii(28, 6)),
        new Field("gid", Aspect.OWNER, header.ascii(34, 6)),
        new Field("mode", Aspect.MODE, Shown.mode(number(header.ascii(40, 8), 8))));
  }

  private static long number(String digits, int radix) throws DamagedException {
    try {
      long number = digits.isBlank() ? 0 : Long.parseLong(digits.strip(), radix);
      if (number < 0) {
        throw new DamagedException("a negative number: " + digits);
      }
      return number;
    } catch (NumberFormatException e) {
      throw new DamagedException("not a number: " + digits, e);
    }
  }
}
