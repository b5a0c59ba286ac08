package dev.athanor.engine.diff.format;

import dev.athanor.engine.diff.DamagedException;
import dev.athanor.engine.diff.Data;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.diff.Field;
import dev.athanor.engine.diff.Member;
import dev.athanor.engine.diff.Shown;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.InflaterInputStream;

/// The table of sections of an ELF file, of 32 or 64 bits and either order of bytes.
final class ElfSections {
  private static final int LONGEST_NAME = 512;

  /// Sections may share bytes, but few do; together they have not so many times those of the file.
  private static final int MOST_SHARED = 2;

  private static final int NO_BITS = 8;
  private static final int STRING_TABLE = 3;
  private static final int STRINGS = 0x20;
  private static final int COMPRESSED = 0x800;
  private static final int ZLIB = 1;

  /// Names of fields that are looked at again.
  private static final String TYPE = "type";

  private static final String FLAGS = "flags";

  private final Data file;
  private final boolean wide;
  private final ByteOrder order;
  private final Layout header;

  private ElfSections(Data file) throws IOException {
    this.file = file;
    this.wide = file.bytes(4, 1)[0] == 2;
    this.order = file.bytes(5, 1)[0] == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    this.header = layout(0, wide ? 64 : 52);
  }

  static ElfSections read(Data file) throws IOException {
    return new ElfSections(file);
  }

  private Layout layout(long at, int length) throws IOException {
    Layout layout = Layout.littleEndian(file, at, length);
    layout.bytes().order(order);
    return layout;
  }

  /// A number that is as wide as an address.
  private long word(Layout layout, int wideAt, int narrowAt) throws DamagedException {
    return wide ? layout.s64(wideAt) : layout.u32(narrowAt);
  }

  List<Field> header() throws DamagedException {
    return List.of(
        new Field("class", Aspect.VALUE, Shown.hex(header.bytes(4, 5))),
        new Field(TYPE, Aspect.VALUE, Integer.toString(header.u16(16))),
        new Field("machine", Aspect.VALUE, Integer.toString(header.u16(18))),
        new Field("entry", Aspect.VALUE, "0x" + Long.toHexString(word(header, 24, 24))),
        new Field(FLAGS, Aspect.VALUE, "0x" + Long.toHexString(header.u32(wide ? 48 : 36))));
  }

  List<Member> members() throws IOException {
    long table = word(header, 40, 32);
    int size = header.u16(wide ? 58 : 46);
    int count = table == 0 ? 0 : header.u16(wide ? 60 : 48);
    if (count > 0 && size < (wide ? 64 : 40)) {
      throw new DamagedException("sections of " + size + " bytes");
    }
    int namesIndex = header.u16(wide ? 62 : 50);
    Data names =
        namesIndex < count ? contents(layout(table + (long) namesIndex * size, size)) : Data.EMPTY;
    List<Member> members = new ArrayList<>();
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      Layout section = layout(table + (long) i * size, size);
      Member member = member(name(names, section.u32(0)), section);
      bytes += member.packed().size();
      if (bytes > MOST_SHARED * file.size()) {
        throw new DamagedException("sections that share too many bytes");
      }
      members.add(member);
    }
    return members;
  }

  private static String name(Data names, long at) throws IOException {
    String text = Shown.text(names.from(at).head(LONGEST_NAME));
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  private Data contents(Layout section) throws IOException {
    return section.u32(4) == NO_BITS
        ? Data.EMPTY
        : file.slice(word(section, 24, 16), word(section, 32, 20));
  }

  private Member member(String name, Layout section) throws IOException {
    long flags = word(section, 8, 8);
    String type = Long.toString(section.u32(4));
    Member.Header fields =
        () ->
            List.of(
                new Field(TYPE, Aspect.VALUE, type),
                new Field(FLAGS, Aspect.VALUE, Long.toString(flags)));
    Data contents = contents(section);
    int head = wide ? 24 : 12;
    if ((flags & COMPRESSED) == 0 || contents.size() < head) {
      return Member.plain(name, fields, contents);
    }
    byte[] number = contents.head(4);
    int method = number[order == ByteOrder.BIG_ENDIAN ? 3 : 0];
    return new Member(
        name,
        fields,
        contents,
        method == ZLIB ? "zlib" : "method " + method,
        packed -> new InflaterInputStream(packed.from(head).open()));
  }

  /// Whether text is likely to be found in a section.
  static boolean hasStrings(Member section) throws IOException {
    String name = section.name();
    return number(section, TYPE) == STRING_TABLE
        || (number(section, FLAGS) & STRINGS) != 0
        || name.startsWith(".rodata")
        || name.startsWith(".data");
  }

  private static long number(Member section, String field) throws IOException {
    return section.header().fields().stream()
        .filter(it -> it.name().equals(field))
        .mapToLong(it -> Long.parseLong(it.value()))
        .sum();
  }
}
