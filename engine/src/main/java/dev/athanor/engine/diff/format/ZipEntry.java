package dev.athanor.engine.diff.format;

import dev.athanor.engine.diff.DamagedException;
import dev.athanor.engine.diff.Data;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.diff.Field;
import dev.athanor.engine.diff.Member;
import dev.athanor.engine.diff.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/// An entry of a zip's central directory.
///
/// @param header its fixed part
record ZipEntry(Layout header, String name, Layout extra, String comment) {
  private static final int FIXED = 46;
  private static final int SIGNATURE = 0x0201_4b50;
  private static final int UNIX = 3;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int BUFFER = 64 * 1024;

  static ZipEntry read(Data data) throws IOException {
    Layout header = Layout.littleEndian(data, 0, FIXED);
    if (header.s32(0) != SIGNATURE) {
      throw new DamagedException("no entry where one should be");
    }
    int name = header.u16(28);
    int extra = header.u16(30);
    int comment = header.u16(32);
    return new ZipEntry(
        header,
        Shown.text(data.bytes(FIXED, name)),
        Layout.littleEndian(data, FIXED + name, extra),
        Shown.text(data.bytes(FIXED + name + extra, comment)));
  }

  int length() throws DamagedException {
    return FIXED + header.u16(28) + header.u16(30) + header.u16(32);
  }

  /// The header in front of the bytes.
  ZipLocal local(Data zip) throws IOException {
    ZipExtra.Sizes sizes = ZipExtra.sizes(extra, header.u32(24), header.u32(20), header.u32(42));
    return ZipLocal.read(zip, sizes);
  }

  Member member(ZipLocal local) throws IOException {
    int method = header.u16(10);
    return new Member(
        name, () -> fields(local), local.packed(), packing(method), data -> unpack(data, method));
  }

  private static String packing(int method) {
    return switch (method) {
      case STORED -> "";
      case DEFLATED -> "deflated";
      default -> "method " + method;
    };
  }

  private static InputStream unpack(Data packed, int method) throws DamagedException {
    if (method != DEFLATED) {
      throw new DamagedException("packed by method " + method);
    }
    return new DeflatedInput(packed.open());
  }

  /// Owns its inflater, which no stream of the JDK ends that did not make it.
  private static final class DeflatedInput extends InflaterInputStream {
    DeflatedInput(InputStream in) {
      super(in, new Inflater(true), BUFFER);
    }

    @Override
    public void close() throws IOException {
      inf.end();
      super.close();
    }
  }

  private List<Field> fields(ZipLocal there) throws IOException {
    Layout local = there.header();
    Layout localExtra = there.extra();
    List<Field> fields = new ArrayList<>();
    String time = time(header);
    fields.add(new Field("mtime", Aspect.TIME, time));
    if (!time(local).equals(time)) {
      fields.add(new Field("local mtime", Aspect.TIME, time(local)));
    }
    int madeBy = header.u16(4);
    long attributes = header.u32(38);
    if (madeBy >> 8 == UNIX) {
      fields.add(new Field("mode", Aspect.MODE, Shown.mode(attributes >> 16)));
      fields.add(new Field("attributes", Aspect.VALUE, hex(attributes & 0xffff)));
    } else {
      fields.add(new Field("attributes", Aspect.VALUE, hex(attributes)));
    }
    fields.add(new Field("made by", Aspect.ENCODING, hex(madeBy)));
    fields.add(new Field("version", Aspect.ENCODING, Integer.toString(header.u16(6))));
    fields.add(new Field("flags", Aspect.ENCODING, hex(header.u16(8))));
    fields.add(new Field("kind", Aspect.VALUE, (header.u16(36) & 1) == 0 ? "binary" : "text"));
    fields.add(new Field("comment", Aspect.VALUE, comment));
    fields.addAll(ZipExtra.fields(extra, ""));
    if (!Arrays.equals(extra.bytes().array(), localExtra.bytes().array())) {
      fields.addAll(ZipExtra.fields(localExtra, "local "));
    }
    return fields;
  }

  private static String hex(long number) {
    return "0x" + Long.toHexString(number);
  }

  /// Date and time of DOS stand side by side in both headers, but not at the same place.
  private static String time(Layout header) throws DamagedException {
    int at = header.s32(0) == SIGNATURE ? 12 : 10;
    int time = header.u16(at);
    int date = header.u16(at + 2);
    return String.format(
        Locale.ROOT,
        "%04d-%02d-%02d %02d:%02d:%02d",
        1980 + (date >> 9),
        date >> 5 & 15,
        date & 31,
        time >> 11,
        time >> 5 & 63,
        (time & 31) * 2);
  }
}
