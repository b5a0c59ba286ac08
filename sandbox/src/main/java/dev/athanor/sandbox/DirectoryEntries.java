package dev.athanor.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What `getdents` and `getdents64` answer: entries one behind another, each of its own length.
/// Both kinds begin with the inode's number, the place in the directory where the next entry is,
/// and the length; the newer has a type before the name.
///
/// They were read from a command's memory, which another of its threads may have written to since.
final class DirectoryEntries {
  private static final int PLACE = 8;
  private static final int LENGTH = 16;
  private static final int NAME = 18;
  private static final int NAME_64 = 19;

  /// The directory itself and the one above are last.
  private static final Comparator<Entry> DESCENDING =
      Comparator.comparing(Entry::dots).thenComparing(Entry::name, Comparator.reverseOrder());

  private DirectoryEntries() {}

  /// @param name a character for each byte
  private record Entry(int start, int length, String name) {
    boolean dots() {
      return name.equals(".") || name.equals("..");
    }
  }

  /// Sorts them by name, the last one first; or the first one first, when the former is how the
  /// kernel has them. The places stay in their order, for whoever comes back to one. What makes no
  /// sense is left as it is.
  static void reorder(MemorySegment entries, boolean wide) {
    byte[] bytes = entries.toArray(JAVA_BYTE);
    MemorySegment before = MemorySegment.ofArray(bytes);
    Optional<List<Entry>> read = read(bytes, wide ? NAME_64 : NAME);
    if (read.isEmpty()) {
      return;
    }
    List<Entry> kernels = read.get();
    List<Entry> sorted = sorted(kernels);
    int to = 0;
    for (int i = 0; i < sorted.size(); i++) {
      Entry entry = sorted.get(i);
      MemorySegment.copy(before, entry.start, entries, to, entry.length);
      long place = before.get(JAVA_LONG_UNALIGNED, kernels.get(i).start + PLACE);
      entries.set(JAVA_LONG_UNALIGNED, to + PLACE, place);
      to += entry.length;
    }
  }

  /// Some file systems tell what was made last first, which is this order if it was made by name.
  private static List<Entry> sorted(List<Entry> kernels) {
    List<Entry> sorted = kernels.stream().sorted(DESCENDING).toList();
    return withoutDots(sorted).equals(withoutDots(kernels)) ? sorted.reversed() : sorted;
  }

  private static List<Entry> withoutDots(List<Entry> entries) {
    return entries.stream().filter(entry -> !entry.dots()).toList();
  }

  private static Optional<List<Entry>> read(byte[] bytes, int name) {
    MemorySegment segment = MemorySegment.ofArray(bytes);
    List<Entry> entries = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int left = bytes.length - at;
      int length =
          left < name ? 0 : Short.toUnsignedInt(segment.get(JAVA_SHORT_UNALIGNED, at + LENGTH));
      if (length < name || length > left) {
        return Optional.empty();
      }
      int end = at + name;
      while (end < at + length && bytes[end] != 0) {
        end++;
      }
      entries.add(new Entry(at, length, new String(bytes, at + name, end - at - name, ISO_8859_1)));
      at += length;
    }
    return Optional.of(entries);
  }
}
