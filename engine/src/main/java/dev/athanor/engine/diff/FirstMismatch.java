package dev.athanor.engine.diff;

import java.io.IOException;
import java.util.Arrays;

/// Finds where two contents part.
final class FirstMismatch {
  /// What is read at least, where there is so much.
  static final int BUFFER = 64 * 1024;

  private FirstMismatch() {}

  /// The first byte from `start` on that is not the same on both sides; -1 when there is none. The
  /// end of one side is a mismatch unless it is the other's, too.
  static long from(long start, Data before, Data after) throws IOException {
    long common = Math.min(before.size(), after.size());
    byte[] left = new byte[Math.clamp(common - start, 0, BUFFER)];
    byte[] right = new byte[left.length];
    for (long at = start; at < common; ) {
      int length = (int) Math.min(left.length, common - at);
      fill(before, at, left, length);
      fill(after, at, right, length);
      int mismatch = Arrays.mismatch(left, 0, length, right, 0, length);
      if (mismatch >= 0) {
        return at + mismatch;
      }
      at += length;
    }
    return before.size() == after.size() ? -1 : Math.max(start, common);
  }

  private static void fill(Data data, long at, byte[] into, int length) throws IOException {
    int done = 0;
    while (done < length) {
      done += data.read(at + done, into, done, length - done);
    }
  }
}
