package dev.athanor.oci.layer;

import dev.athanor.oci.layer.TarMember.Segment;
import dev.athanor.oci.layer.TarMember.Sparse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The four ways in which GNU tar has said where a sparse file has data: in the header (old GNU),
/// and PAX formats 0.0, 0.1 and 1.0.
final class SparseMaps {
  /// Segments that fit in the longest PAX record; more are not believed.
  private static final int MAX_SEGMENTS = 1 << 18;

  private final TarInput in;
  private final PaxRecords pax;
  private final Limits limits;
  private long mapBytes;

  SparseMaps(TarInput in, PaxRecords pax, Limits limits) {
    this.in = in;
    this.pax = pax;
    this.limits = limits;
  }

  /// How many bytes of the member's data were its map, and were read.
  long mapBytes() {
    return mapBytes;
  }

  /// Old GNU: four pairs in the header, then blocks of 21 pairs as long as a flag says so.
  Sparse old(byte[] header) throws IOException {
    TarBlock block = new TarBlock(header);
    long size = checkedSize(block.number("real size", 483, 12));
    List<Segment> segments = new ArrayList<>();
    pairs(block, 386, 4, segments);
    boolean more = header[482] != 0;
    byte[] extension = new byte[TarHeader.BLOCK];
    while (more) {
      if (!in.block(extension)) {
        throw new LayerException("a sparse map that ends early");
      }
      pairs(new TarBlock(extension), 0, 21, segments);
      more = extension[504] != 0;
    }
    return new Sparse(size, segments);
  }

  private static void pairs(TarBlock block, int offset, int count, List<Segment> segments) {
    for (int i = 0; i < count; i++) {
      long start = block.number("sparse offset", offset + 24 * i, 12);
      long length = block.number("sparse length", offset + 24 * i + 12, 12);
      if (start != 0 || length != 0) {
        add(segments, start, length);
      }
    }
  }

  /// PAX; null when the member is not sparse.
  @Nullable Sparse pax(long dataSize) throws IOException {
    if ("1".equals(pax.get("GNU.sparse.major"))) {
      return inData(dataSize);
    }
    String map = pax.get("GNU.sparse.map");
    List<Long> numbers = map == null ? pax.sparsePairs() : numbers(map);
    if (numbers.isEmpty() && pax.get("GNU.sparse.size") == null) {
      return null;
    }
    long size = pax.number("GNU.sparse.size", pax.number("GNU.sparse.realsize", -1));
    return new Sparse(checkedSize(size), segments(numbers));
  }

  /// Format 1.0: decimal lines in front of the data, the count first, filled up to a block.
  private @Nullable Sparse inData(long dataSize) throws IOException {
    StringBuilder text = new StringBuilder();
    byte[] block = new byte[TarHeader.BLOCK];
    long count = -1;
    int lines = 0;
    while (count < 0 || lines < 1 + 2 * count) {
      mapBytes += TarHeader.BLOCK;
      if (mapBytes > dataSize || mapBytes > limits.recordBytes() || !in.block(block)) {
        throw new LayerException("a sparse map that ends early");
      }
      for (byte b : block) {
        if (b != 0) {
          text.append((char) (b & 0xff));
          lines += b == '\n' ? 1 : 0;
        }
      }
      if (count < 0 && lines > 0) {
        count = number(text.substring(0, text.indexOf("\n")));
        if (count < 0 || count > MAX_SEGMENTS) {
          throw new LayerException("a sparse map of " + count + " segments");
        }
      }
    }
    String[] all = text.toString().split("\n", -1);
    List<Long> numbers = new ArrayList<>();
    for (int i = 1; i <= 2 * count; i++) {
      numbers.add(number(all[i]));
    }
    return new Sparse(checkedSize(pax.number("GNU.sparse.realsize", -1)), segments(numbers));
  }

  private static List<Long> numbers(String map) {
    List<Long> numbers = new ArrayList<>();
    for (String number : map.split(",", -1)) {
      numbers.add(number(number));
    }
    return numbers;
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new LayerException("a sparse map with '" + Bytes.printable(text) + "' in it", e);
    }
  }

  private static List<Segment> segments(List<Long> numbers) {
    if (numbers.size() % 2 != 0) {
      throw new LayerException("a sparse map with half a segment");
    }
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < numbers.size(); i += 2) {
      add(segments, numbers.get(i), numbers.get(i + 1));
    }
    return segments;
  }

  private static void add(List<Segment> segments, long offset, long length) {
    if (segments.size() >= MAX_SEGMENTS) {
      throw new LayerException("a sparse map of more than " + MAX_SEGMENTS + " segments");
    }
    segments.add(new Segment(offset, length));
  }

  private long checkedSize(long size) {
    if (size < 0 || size > limits.tarBytes()) {
      throw new LayerException("a sparse file of " + size + " bytes");
    }
    return size;
  }
}
