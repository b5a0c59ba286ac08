package dev.athanor.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// What `getdents` and `getdents64` answer: entries one behind another, each of its own length.
/// Both kinds begin with the inode's number, the place in the directory where the next entry is,
/// and the length.
final class DirectoryEntries {
  private static final int PLACE = 8;
  private static final int LENGTH = 16;

  private DirectoryEntries() {}

  /// Puts the last entry first. The places stay in their order, for whoever comes back to one.
  static void reverse(MemorySegment entries) {
    byte[] bytes = entries.toArray(JAVA_BYTE);
    MemorySegment before = MemorySegment.ofArray(bytes);
    List<Integer> starts = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += length(before, at)) {
      starts.add(at);
    }
    int to = 0;
    for (int i = 0; i < starts.size(); i++) {
      int from = starts.get(starts.size() - 1 - i);
      int length = length(before, from);
      MemorySegment.copy(before, from, entries, to, length);
      long place = before.get(JAVA_LONG_UNALIGNED, starts.get(i) + PLACE);
      entries.set(JAVA_LONG_UNALIGNED, to + PLACE, place);
      to += length;
    }
  }

  private static int length(MemorySegment entries, int at) {
    return Short.toUnsignedInt(entries.get(JAVA_SHORT_UNALIGNED, at + LENGTH));
  }
}
