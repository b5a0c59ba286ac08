package dev.athanor.engine.diff;

import dev.athanor.engine.diff.Difference.Aspect;
import java.io.IOException;
import java.util.Arrays;

/// Compares bytes that hold strings here and there: where two strings differ, as text.
final class Strings {
  private static final int MAX_STRINGS = 5;

  /// How much of a string is looked at on either side of the first difference.
  private static final int REACH = 512;

  private static final int SHORTEST = 4;

  /// A string may stand behind its length, which is where two of them part then.
  private static final int LENGTH = 4;

  private Strings() {}

  static void compare(Data before, Data after, Place place) throws IOException {
    // What follows a string that got longer is the same in another place.
    Data was = before;
    Data is = after;
    for (int i = 0; i < MAX_STRINGS; i++) {
      long at = place.mismatch(0, was, is);
      if (at < 0) {
        return;
      }
      long last = Math.min(at + LENGTH, Math.min(was.size(), is.size()));
      Found one = Found.at(was, at);
      Found other = Found.at(is, at);
      while (at < last && (one.isShort() || other.isShort())) {
        at++;
        one = Found.at(was, at);
        other = Found.at(is, at);
      }
      if (one.isShort() || other.isShort()) {
        if (i == 0) {
          place.compareBytes(before, after);
        } else {
          place.leaveOut(1);
        }
        return;
      }
      place
          .in("byte " + (before.size() - was.size() + one.start))
          .add(Aspect.TEXT, one.text, other.text);
      was = was.from(one.end);
      is = is.from(other.end);
    }
    if (place.mismatch(0, was, is) >= 0) {
      place.leaveOut(1);
    }
  }

  /// The printable characters around a byte.
  private record Found(long start, long end, String text) {
    static Found at(Data data, long at) throws IOException {
      long from = Math.max(0, at - REACH);
      byte[] bytes = data.bytes(from, (int) Math.min(data.size() - from, 2 * REACH));
      int start = (int) (at - from);
      int end = start;
      while (start > 0 && isPrintable(bytes[start - 1])) {
        start--;
      }
      while (end < bytes.length && isPrintable(bytes[end])) {
        end++;
      }
      String text = Shown.text(Arrays.copyOfRange(bytes, start, end));
      return new Found(from + start, from + end, text);
    }

    boolean isShort() {
      return text.length() < SHORTEST;
    }

    private static boolean isPrintable(byte b) {
      return b == '\t' || (b >= 0x20 && b < 0x7f);
    }
  }
}
