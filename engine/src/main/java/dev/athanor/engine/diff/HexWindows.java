package dev.athanor.engine.diff;

import dev.athanor.engine.diff.Difference.Aspect;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Locale;

/// Compares bytes that have no structure: shows those around the first ones that differ.
final class HexWindows {
  private static final int MAX_WINDOWS = 3;
  private static final int ROW = 16;
  private static final int ROWS = 4;

  private HexWindows() {}

  static void compare(Data before, Data after, Place place, Aspect aspect) throws IOException {
    long at = place.mismatch(0, before, after);
    for (int i = 0; i < MAX_WINDOWS && at >= 0; i++) {
      place
          .in(String.format(Locale.ROOT, "byte 0x%x", at))
          .add(aspect, window(before, at), window(after, at));
      long next = start(at) + ROWS * ROW;
      boolean ended = next >= Math.min(before.size(), after.size());
      // That one side goes on was seen in this window already.
      at = ended ? -1 : place.mismatch(next, before, after);
    }
    if (at >= 0) {
      place.leaveOut(1);
    }
  }

  private static long start(long at) {
    return Math.max(0, at / ROW * ROW - ROW);
  }

  /// Rows around the byte `at`.
  static String window(Data data, long at) throws IOException {
    long start = start(at);
    StringBuilder out = new StringBuilder();
    for (long row = start; row < Math.min(start + ROWS * ROW, data.size()); row += ROW) {
      row(row, data.bytes(row, (int) Math.min(ROW, data.size() - row)), out);
    }
    return out.isEmpty() ? "ends at byte " + data.size() : out.toString().stripTrailing();
  }

  private static void row(long at, byte[] bytes, StringBuilder out) {
    String hex = HexFormat.ofDelimiter(" ").formatHex(bytes);
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      text.append(b >= 0x20 && b < 0x7f ? (char) b : '.');
    }
    out.append(String.format(Locale.ROOT, "%08x  %-47s  |%s|\n", at, hex, text));
  }
}
