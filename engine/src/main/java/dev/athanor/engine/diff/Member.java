package dev.athanor.engine.diff;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// What an archive holds under one name.
///
/// @param packed the bytes in the archive
/// @param packing how they are packed; empty for bytes that stand there as they are
/// @param unpacking makes the contents out of them
public record Member(String name, Header header, Data packed, String packing, Unpacking unpacking) {
  /// A member whose bytes stand in the archive as they are.
  public static Member plain(String name, Header header, Data data) {
    return new Member(name, header, data, "", Data::open);
  }

  /// What an archive says of a member beside its name, read when somebody asks: archives have many
  /// members, and each has many fields.
  @FunctionalInterface
  public interface Header {
    List<Field> fields() throws IOException;
  }

  /// Makes contents out of what is in an archive.
  @FunctionalInterface
  public interface Unpacking {
    InputStream open(Data packed) throws IOException;
  }

  /// The contents; the caller closes them.
  Data contents(Place place) throws IOException {
    if (packing.isEmpty()) {
      return packed.from(0);
    }
    try (InputStream in = unpacking.open(packed)) {
      return place.unpack(in);
    }
  }
}
