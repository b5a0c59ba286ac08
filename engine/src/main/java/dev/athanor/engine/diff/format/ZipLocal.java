package dev.athanor.engine.diff.format;

import dev.athanor.engine.diff.DamagedException;
import dev.athanor.engine.diff.Data;
import java.io.IOException;

/// The header in front of an entry's bytes. It is read again when somebody asks: a zip has many of
/// them, and they may be long.
///
/// @param at is where it begins
record ZipLocal(Data zip, long at, int nameLength, int extraLength, long size) {
  private static final int FIXED = 30;
  private static final int SIGNATURE = 0x0403_4b50;

  /// @throws DamagedException when it or the bytes are not there
  static ZipLocal read(Data zip, ZipExtra.Sizes sizes) throws IOException {
    Layout header = Layout.littleEndian(zip, sizes.offset(), FIXED);
    if (header.s32(0) != SIGNATURE) {
      throw new DamagedException("no local header where one should be");
    }
    return new ZipLocal(zip, sizes.offset(), header.u16(26), header.u16(28), sizes.packed());
  }

  Layout header() throws IOException {
    return Layout.littleEndian(zip, at, FIXED);
  }

  Layout extra() throws IOException {
    return Layout.littleEndian(zip, at + FIXED + nameLength, extraLength);
  }

  Data packed() throws DamagedException {
    return zip.slice(at + FIXED + nameLength + extraLength, size);
  }

  /// Where its bytes end.
  long end() {
    return at + FIXED + nameLength + extraLength + size;
  }
}
