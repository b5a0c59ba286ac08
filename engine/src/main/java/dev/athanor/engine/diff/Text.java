package dev.athanor.engine.diff;

import dev.athanor.engine.diff.Difference.Aspect;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Compares texts line by line.
final class Text {
  /// So much of a text is looked at to see that it is one.
  private static final int SAMPLE = 64 * 1024;

  /// Texts up to this size are compared whole; of larger ones, what follows the first difference.
  private static final int WHOLE = 4 << 20;

  private static final int WINDOW = 64 * 1024;
  private static final int MAX_HUNKS = 10;

  private Text() {}

  /// Whether the first bytes are UTF-8 without other control characters than those of texts.
  static boolean isText(Data data) throws IOException {
    byte[] sample = data.head(SAMPLE);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer chars = CharBuffer.allocate(sample.length);
    boolean whole = data.size() == sample.length;
    CoderResult result = decoder.decode(ByteBuffer.wrap(sample), chars, whole);
    return result.isUnderflow()
        && chars.flip().chars().noneMatch(c -> c < 0x20 && "\n\r\t\f\b\u001b".indexOf(c) < 0);
  }

  static void compare(Data before, Data after, Place place) throws IOException {
    boolean whole = Math.max(before.size(), after.size()) <= WHOLE;
    long start = whole ? 0 : lineStart(before, place.mismatch(0, before, after));
    List<String> was = lines(before, start, whole);
    List<String> is = lines(after, start, whole);
    if (whole && LineHunks.isReordered(was, is)) {
      Hunk first = LineHunks.of(was, is).getFirst();
      place.in(first.where()).add(Aspect.ORDER, first.before(), first.after());
      return;
    }
    List<Hunk> hunks = LineHunks.of(was, is);
    int shown = Math.min(hunks.size(), whole ? MAX_HUNKS : 1);
    for (Hunk hunk : hunks.subList(0, shown)) {
      place
          .in(whole ? hunk.where() : "byte " + start)
          .add(Aspect.TEXT, hunk.before(), hunk.after());
    }
    place.leaveOut(hunks.size() - shown);
  }

  /// Where the line before the one at `at` begins, or some place not far before.
  private static long lineStart(Data data, long at) throws IOException {
    int length = (int) Math.min(at, WINDOW);
    byte[] bytes = data.bytes(at - length, length);
    int lines = 0;
    for (int i = length - 1; i >= 0; i--) {
      if (bytes[i] == '\n' && ++lines == 2) {
        return at - length + i + 1;
      }
    }
    return at - length;
  }

  private static List<String> lines(Data data, long start, boolean whole) throws IOException {
    int length = (int) Math.min(data.size() - start, whole ? WHOLE : 2 * WINDOW);
    String text = Shown.text(data.bytes(start, length));
    List<String> lines = List.of(text.split("\n", -1));
    // The last line of a window may go on.
    return whole || lines.size() == 1 ? lines : lines.subList(0, lines.size() - 1);
  }
}
