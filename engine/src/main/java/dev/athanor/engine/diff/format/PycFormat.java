package dev.athanor.engine.diff.format;

import dev.athanor.engine.diff.Data;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.diff.Field;
import dev.athanor.engine.diff.Format;
import dev.athanor.engine.diff.Place;
import dev.athanor.engine.diff.Shown;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;

/// Compiled Python, since 3.7: a header, and code that holds paths and names as strings.
final class PycFormat implements Format {
  private static final int HEADER = 16;

  /// Versions of the code between 3.7 and some that are still to come.
  private static final int FIRST_VERSION = 3390;

  private static final int LAST_VERSION = 4500;

  private static final int CODE = 'c';
  private static final int REFERENCE = 0x80;

  @Override
  public String name() {
    return "Python code";
  }

  @Override
  public boolean recognises(Data data) throws IOException {
    if (data.size() <= HEADER) {
      return false;
    }
    Layout header = Layout.littleEndian(data, 0, HEADER + 1);
    int version = header.u16(0);
    return version >= FIRST_VERSION
        && version <= LAST_VERSION
        && header.u16(2) == 0x0a0d
        && header.u32(4) <= 3
        && (header.u8(HEADER) & ~REFERENCE) == CODE;
  }

  @Override
  public void compare(Data before, Data after, Place place) throws IOException {
    place.fields(fields(before), fields(after));
    Place code = place.in("code");
    code.compareStrings(before.from(HEADER), after.from(HEADER));
  }

  private static List<Field> fields(Data data) throws IOException {
    Layout header = Layout.littleEndian(data, 0, HEADER);
    Field version = new Field("version", Aspect.VALUE, Integer.toString(header.u16(0)));
    long flags = header.u32(4);
    Field kind = new Field("flags", Aspect.VALUE, Long.toString(flags));
    if ((flags & 1) != 0) {
      String hash = HexFormat.of().formatHex(header.bytes(8, 8));
      return List.of(version, kind, new Field("source hash", Aspect.VALUE, hash));
    }
    return List.of(
        version,
        kind,
        new Field("source mtime", Aspect.TIME, Shown.time(header.u32(8))),
        new Field("source size", Aspect.VALUE, Long.toString(header.u32(12))));
  }
}
