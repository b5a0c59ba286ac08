package dev.athanor.oci.diff;

import dev.athanor.engine.diff.Data;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.diff.Field;
import dev.athanor.engine.diff.Shown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/// What the headers of one member of a tar say, with how they say it.
final class TarFields {
  private static final int LONGEST = 1 << 20;

  /// Records that only say at length what a header has a field for.
  private static final List<String> HEADER_FIELDS =
      List.of("path", "linkpath", "size", "uid", "gid", "uname", "gname", "mtime");

  private final List<Field> fields = new ArrayList<>();
  private final Map<String, String> pax = new TreeMap<>();
  private final StringJoiner ways = new StringJoiner(", ");
  private String longLink = "";

  private TarFields() {}

  /// @param headers extension headers, and the header itself last
  static List<Field> read(Data headers, String name) throws IOException {
    TarFields fields = new TarFields();
    fields.fields.add(new Field("name", Aspect.ENCODING, name));
    long at = 0;
    TarBlock block = TarBlock.at(at, headers);
    while ("xXgLKV".indexOf(block.type()) >= 0) {
      Data data = headers.slice(at + TarBlock.SIZE, block.number(124, 12));
      fields.extension(block, data);
      at += TarBlock.SIZE + ((data.size() + TarBlock.SIZE - 1) & -TarBlock.SIZE);
      block = TarBlock.at(at, headers);
    }
    fields.header(block);
    fields.records();
    return fields.fields;
  }

  private void extension(TarBlock block, Data data) throws IOException {
    switch (block.type()) {
      case 'x', 'X' -> {
        Map<String, String> records = PaxFields.read(data);
        pax.putAll(records);
        ways.add("PAX " + String.join(" ", standard(records)));
        // GNU tar and Python put a process's number or a time there.
        add("PAX header name", Aspect.VALUE, Shown.text(block.name()));
        add("PAX header mtime", Aspect.TIME, Shown.time(block.number(136, 12)));
      }
      case 'g' -> {
        ways.add("global PAX");
        PaxFields.read(data)
            .forEach((key, value) -> add("global PAX " + key, Aspect.VALUE, shown(value)));
      }
      case 'L' -> ways.add("long name");
      case 'K' -> {
        ways.add("long link");
        longLink = Shown.text(TarBlock.upToZero(data.all(LONGEST)));
      }
      default -> add("volume", Aspect.VALUE, Shown.text(block.name()));
    }
  }

  private static List<String> standard(Map<String, String> records) {
    return HEADER_FIELDS.stream().filter(records::containsKey).toList();
  }

  private void add(String name, Aspect aspect, String value) {
    fields.add(new Field(name, aspect, value));
  }

  private void header(TarBlock block) throws IOException {
    add("type", Aspect.KIND, kind(block.type()));
    add("mode", Aspect.MODE, Shown.mode(block.number(100, 8)));
    add("uid", Aspect.OWNER, record("uid", Long.toString(block.number(108, 8))));
    add("gid", Aspect.OWNER, record("gid", Long.toString(block.number(116, 8))));
    String mtime = pax.remove("mtime");
    add("mtime", Aspect.TIME, mtime == null ? Shown.time(block.number(136, 12)) : time(mtime));
    String link = longLink.isEmpty() ? block.shown(157, 100) : longLink;
    add("link", Aspect.TARGET, record("linkpath", link));
    String format = block.format();
    if (!format.equals("v7")) {
      add("uname", Aspect.OWNER, record("uname", block.shown(265, 32)));
      add("gname", Aspect.OWNER, record("gname", block.shown(297, 32)));
      add("device", Aspect.VALUE, block.number(329, 8) + ":" + block.number(337, 8));
    }
    if (format.equals("gnu")) {
      add("atime", Aspect.TIME, gnuTime(block, 345));
      add("ctime", Aspect.TIME, gnuTime(block, 357));
    }
    ways.add(format);
    add("header", Aspect.ENCODING, ways.toString());
  }

  private static String gnuTime(TarBlock block, int at) throws IOException {
    return block.text(at, 12).length == 0 ? "" : Shown.time(block.number(at, 12));
  }

  /// Takes a record that stands for a field of the header.
  private String record(String key, String otherwise) {
    String value = pax.remove(key);
    return value == null ? otherwise : shown(value);
  }

  private void records() {
    pax.remove("path");
    pax.remove("size");
    pax.forEach((key, value) -> {
      switch (key) {
        case "atime", "ctime" -> add(key, Aspect.TIME, time(value));
        case "LIBARCHIVE.creationtime" -> add("birth time", Aspect.TIME, time(value));
        default -> {
          String xattr = key.replaceFirst("^(?:SCHILY|LIBARCHIVE)\\.xattr\\.", "");
          boolean isXattr = xattr.length() < key.length();
          add(isXattr ? "xattr " + xattr : "PAX " + key, Aspect.VALUE, shown(value));
        }
      }
    });
  }

  /// Seconds with decimals, as a moment.
  private static String time(String seconds) {
    int point = seconds.indexOf('.');
    String whole = point < 0 ? seconds : seconds.substring(0, point);
    try {
      String moment = Shown.time(Long.parseLong(whole));
      return point < 0 ? moment : moment.replace("Z", seconds.substring(point) + "Z");
    } catch (NumberFormatException e) {
      return seconds;
    }
  }

  private static String shown(String latin1) {
    return Shown.text(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String kind(char type) {
    return switch (type) {
      case '0', '7' -> "file";
      case '1' -> "hard link";
      case '2' -> "symlink";
      case '3' -> "character device";
      case '4' -> "block device";
      case '5' -> "directory";
      case '6' -> "pipe";
      case 'S' -> "file with holes";
      default -> "type " + type;
    };
  }
}
