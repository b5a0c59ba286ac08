package dev.athanor.oci.layer;

import java.util.List;

/// One member of a tar that is read, with all its extensions applied but its names as they are.
///
/// @param type the type flag; `0` for every way to say regular file, `5` for every way to say
///   directory
/// @param name and link in Latin-1
/// @param size bytes of data that follow in the tar
/// @param sparse null for a file without holes
record TarMember(
    char type,
    String name,
    String link,
    Attributes attributes,
    long size,
    int deviceMajor,
    int deviceMinor,
    @org.jspecify.annotations.Nullable Sparse sparse) {

  /// Whether the type is one that an image can have, and not an extension of some writer.
  static boolean isKnown(char type) {
    return "0123456D".indexOf(type) >= 0;
  }

  /// A file with holes.
  ///
  /// @param size with its holes
  /// @param segments what is not a hole, in order
  record Sparse(long size, List<Segment> segments) {
    Sparse {
      segments = List.copyOf(segments);
      long at = 0;
      for (Segment segment : segments) {
        if (segment.offset < at || segment.length < 0 || segment.length > size - segment.offset) {
          throw new LayerException("a sparse map that contradicts itself");
        }
        at = segment.offset + segment.length;
      }
    }

    long dataBytes() {
      return segments.stream().mapToLong(Segment::length).sum();
    }
  }

  /// Some bytes of a sparse file.
  record Segment(long offset, long length) {}
}
