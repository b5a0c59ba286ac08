package dev.athanor.oci.diff;

import dev.athanor.engine.diff.DamagedException;
import dev.athanor.engine.diff.Data;
import dev.athanor.engine.diff.Member;
import dev.athanor.engine.diff.Members;
import dev.athanor.engine.diff.Shown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The members of a tar.
///
/// @param end how the tar ends, for people
record TarMembers(List<Member> members, String end) {
  private static final int LONGEST_NAME = 1 << 20;

  TarMembers {
    members = List.copyOf(members);
  }

  static TarMembers read(Data tar) throws IOException {
    List<Member> members = new ArrayList<>();
    Map<String, String> global = new HashMap<>();
    long at = 0;
    while (at < tar.size() && !TarBlock.at(at, tar).isZero()) {
      Extended header = new Extended(tar, at, global);
      Members.add(header.member(), members);
      at = header.next();
    }
    long left = tar.size() - at;
    return new TarMembers(members, left == 0 ? "no end marker" : left + " bytes");
  }

  /// A header with the extension headers in front of it.
  private static final class Extended {
    private final Data tar;
    private final long start;
    private final Map<String, String> global;
    private final Map<String, String> pax = new HashMap<>();
    private byte @Nullable [] longName;
    private TarBlock block;
    private long at;

    Extended(Data tar, long start, Map<String, String> global) throws IOException {
      this.tar = tar;
      this.start = start;
      this.global = global;
      this.at = start;
      this.block = header();
      while ("xXgLKV".indexOf(block.type()) >= 0) {
        extension();
        block = header();
      }
      long blocks = TarBlock.SIZE;
      boolean more = block.hasMoreSparse();
      while (more) {
        more = tar.bytes(at + blocks + 504, 1)[0] != 0;
        blocks += TarBlock.SIZE;
      }
      at += blocks;
    }

    private TarBlock header() throws IOException {
      TarBlock header = TarBlock.at(at, tar);
      if (!header.isHeader()) {
        throw new DamagedException("no tar header where one should be");
      }
      return header;
    }

    private void extension() throws IOException {
      Data data = tar.slice(at + TarBlock.SIZE, block.number(124, 12));
      switch (block.type()) {
        case 'x', 'X' -> PaxFields.read(data, pax);
        case 'g' -> PaxFields.read(data, global);
        case 'L' -> longName = TarBlock.upToZero(data.all(LONGEST_NAME));
        default -> {}
      }
      at += TarBlock.SIZE + padded(data.size());
    }

    private static long padded(long size) {
      return (size + TarBlock.SIZE - 1) & -TarBlock.SIZE;
    }

    long next() throws IOException {
      return at + padded(size());
    }

    /// Links, directories and devices have no data, whatever their size field says.
    private long size() throws IOException {
      if ("123456".indexOf(block.type()) >= 0) {
        return 0;
      }
      String size = pax.getOrDefault("size", global.getOrDefault("size", ""));
      try {
        return size.isEmpty() ? block.number(124, 12) : Long.parseLong(size);
      } catch (NumberFormatException e) {
        throw new DamagedException("not a size: " + size, e);
      }
    }

    Member member() throws IOException {
      String path = pax.getOrDefault("path", global.getOrDefault("path", ""));
      byte[] name = longName != null ? longName : block.name();
      String text = Shown.text(path.isEmpty() ? name : path.getBytes(StandardCharsets.ISO_8859_1));
      Data headers = tar.slice(start, at - start);
      return Member.plain(clean(text), () -> TarFields.read(headers, text), tar.slice(at, size()));
    }

    /// `./etc/` and `etc` are one place.
    private static String clean(String name) {
      int start = 0;
      while (name.startsWith("/", start) || name.startsWith("./", start)) {
        start += name.charAt(start) == '/' ? 1 : 2;
      }
      int end = name.length();
      while (end > start && name.charAt(end - 1) == '/') {
        end--;
      }
      return start == end ? "." : name.substring(start, end);
    }
  }
}
