package dev.athanor.engine.diff.format;

import dev.athanor.engine.diff.Data;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.diff.Field;
import dev.athanor.engine.diff.Format;
import dev.athanor.engine.diff.Member;
import dev.athanor.engine.diff.Members;
import dev.athanor.engine.diff.Place;
import dev.athanor.engine.diff.Shown;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// ELF: programs, libraries and object files, section by section.
final class ElfFormat implements Format {
  private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};
  private static final int NOTE_HEAD = 16;
  private static final int SMALL = 64 * 1024;

  private static final Set<String> BUILD_IDS = Set.of(".note.gnu.build-id", ".note.go.buildid");

  @Override
  public String name() {
    return "ELF";
  }

  @Override
  public boolean recognises(Data data) throws IOException {
    return data.startsWith(MAGIC);
  }

  @Override
  public void compare(Data before, Data after, Place place) throws IOException {
    boolean found =
        place.finds(() -> {
          ElfSections was = ElfSections.read(before);
          ElfSections is = ElfSections.read(after);
          place.in("header").fields(was.header(), is.header());
          Members.compare(was.members(), is.members(), place, ElfFormat::section);
        });
    if (!found) {
      // What no section covers, such as addresses in the tables of sections.
      place.compareBytes(before, after);
    }
  }

  private static void section(Member section, Data before, Data after, Place place)
      throws IOException {
    String name = section.name();
    if (BUILD_IDS.contains(name)) {
      place.add(Aspect.BUILD_ID, note(before), note(after));
    } else if (name.equals(".gnu_debuglink")) {
      place.fields(debugLink(before), debugLink(after));
    } else if (name.equals(".comment")) {
      place.add(Aspect.TEXT, comment(before), comment(after));
    } else if (ElfSections.hasStrings(section)) {
      place.compareStrings(before, after);
    } else {
      place.compareBytes(before, after);
    }
  }

  /// Behind the sizes and the name of whoever defined the note, which take as much in both.
  private static String note(Data data) throws IOException {
    byte[] bytes = data.all(SMALL);
    int start = Math.min(NOTE_HEAD, bytes.length);
    return HexFormat.of().formatHex(bytes, start, bytes.length);
  }

  /// A file name, zeros, and four bytes of checksum.
  private static List<Field> debugLink(Data data) throws IOException {
    byte[] bytes = data.all(SMALL);
    int end = Math.max(0, bytes.length - 4);
    Layout link = Layout.littleEndian(bytes);
    return List.of(
        new Field("file", Aspect.VALUE, link.ascii(0, end)),
        new Field("checksum", Aspect.BUILD_ID, Shown.hex(link.bytes(end, bytes.length - end))));
  }

  private static String comment(Data data) throws IOException {
    return Shown.text(data.all(SMALL)).replace('\0', '\n').strip();
  }
}
