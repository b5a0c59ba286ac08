package dev.athanor.oci.layer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Reads the members of a tar of any kind: v7, ustar, PAX, star, GNU.
///
/// Own code rather than a library, because names and extended attributes are bytes here, because
/// offsets into the tar are wanted, and because every length is limited before it is believed.
final class TarReader {
  private final TarInput in;
  private final Limits limits;
  private final PaxRecords global = new PaxRecords();
  private final byte[] bytes = new byte[TarHeader.BLOCK];
  private final TarBlock block = new TarBlock(bytes);

  private int headers;
  private boolean endMarker;

  TarReader(TarInput in, Limits limits) {
    this.in = in;
    this.limits = limits;
  }

  /// Whether the archive ended as it should, with a block of zeros.
  boolean hadEndMarker() {
    return endMarker;
  }

  /// The next member, or null at the end. Its data comes next in the input, and the caller takes
  /// `size` bytes of it and then [#padding].
  @Nullable TarMember next() throws IOException {
    PaxRecords pax = new PaxRecords(global);
    String longName = null;
    String longLink = null;
    while (in.block(bytes)) {
      if (block.isZero()) {
        endMarker = true;
        return null;
      }
      if (!block.isHeader()) {
        throw new LayerException("no tar header where one should be, at byte " + position());
      }
      if (++headers > limits.entries()) {
        throw new LayerException("more than " + limits.entries() + " headers");
      }
      switch (block.type()) {
        case 'x', 'X' -> pax.parse(record());
        case 'g' -> {
          global.parse(record());
          pax = new PaxRecords(global);
        }
        case 'L' -> longName = upToNul(record());
        case 'K' -> longLink = upToNul(record());
        case 'V' -> skipData(size(pax));
        default -> {
          String name = longName != null ? longName : block.name();
          String link = longLink != null ? longLink : block.link();
          return member(pax, pax.get("path", name), pax.get("linkpath", link));
        }
      }
    }
    return null;
  }

  /// Bytes between the end of `size` bytes of data and the next header.
  static int padding(long size) {
    return (int) (-size & (TarHeader.BLOCK - 1));
  }

  private long position() {
    return in.position() - TarHeader.BLOCK;
  }

  private TarMember member(PaxRecords pax, String name, String link) throws IOException {
    char type = type(name);
    long size = hasData(type) ? size(pax) : 0;
    int major = type == '3' || type == '4' ? device("major", 329) : 0;
    int minor = type == '3' || type == '4' ? device("minor", 337) : 0;
    TarMember.Sparse sparse = null;
    if (type == '0') {
      SparseMaps maps = new SparseMaps(in, pax, limits);
      sparse = block.type() == 'S' ? maps.old(bytes) : maps.pax(size);
      name = pax.get("GNU.sparse.name", name);
      size -= maps.mapBytes();
    }
    if (sparse != null && sparse.dataBytes() != size) {
      throw new LayerException("'" + Bytes.printable(name) + "': a sparse map of another size");
    }
    Attributes attributes = attributes(name, pax);
    return new TarMember(type, name, link, attributes, size, major, minor, sparse);
  }

  /// Old formats know regular files only and mark directories by a slash.
  private char type(String name) {
    char type = block.type();
    return switch (type) {
      case '\0', '0', '7', 'S' -> name.endsWith("/") ? '5' : '0';
      default -> type;
    };
  }

  /// Links, directories and devices have none, whatever their size field says: some writers leave
  /// the size of the file there. Types that nobody knows have, as POSIX wants it.
  private static boolean hasData(char type) {
    return type == '0' || type == 'D' || !TarMember.isKnown(type);
  }

  private Attributes attributes(String name, PaxRecords pax) {
    int mode = (int) block.number("mode", 100, 8) & Attributes.MODE_BITS;
    long uid = pax.number("uid", block.number("uid", 108, 8));
    long gid = pax.number("gid", block.number("gid", 116, 8));
    try {
      Instant mtime = Instant.ofEpochSecond(block.number("mtime", 136, 12));
      return Attributes.of(mode, uid, gid, pax.time("mtime", mtime)).withXattrs(pax.xattrs());
    } catch (IllegalArgumentException | DateTimeException | LayerException e) {
      throw new LayerException("'" + Bytes.printable(name) + "': " + e.getMessage(), e);
    }
  }

  private int device(String field, int offset) {
    return block.hasDeviceNumbers() ? (int) block.number(field, offset, 8) : 0;
  }

  private long size(PaxRecords pax) {
    long size = pax.number("size", block.number("size", 124, 12));
    if (size < 0 || size > limits.tarBytes()) {
      throw new LayerException("a member of " + size + " bytes");
    }
    return size;
  }

  /// The data of a header that describes the next one.
  private byte[] record() throws IOException {
    long size = block.number("size", 124, 12);
    if (size < 0 || size > limits.recordBytes()) {
      throw new LayerException("a header extension of " + size + " bytes");
    }
    byte[] record = new byte[(int) size];
    int[] at = {0};
    in.take(
        size,
        (from, offset, length) -> {
          System.arraycopy(from, offset, record, at[0], length);
          at[0] += length;
        });
    in.skip(padding(size));
    return record;
  }

  private void skipData(long size) throws IOException {
    in.skip(size);
    in.skip(padding(size));
  }

  private static String upToNul(byte[] record) {
    String text = new String(record, StandardCharsets.ISO_8859_1);
    int nul = text.indexOf('\0');
    return nul < 0 ? text : text.substring(0, nul);
  }
}
