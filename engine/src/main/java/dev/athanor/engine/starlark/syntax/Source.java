package dev.athanor.engine.starlark.syntax;

import java.util.Arrays;

/// The text of one file, with line ends normalised to `\n`, and the name that errors call it by.
public final class Source {
  private final String file;
  private final String text;
  private final int[] lineStarts;

  private Source(String file, String text) {
    this.file = file;
    this.text = text;
    this.lineStarts = lineStarts(text);
  }

  /// A leading byte order mark is dropped, and `\r\n` and `\r` become `\n`.
  public static Source of(String file, String text) {
    String clean = text.startsWith("\uFEFF") ? text.substring(1) : text;
    if (clean.indexOf('\r') >= 0) {
      clean = clean.replace("\r\n", "\n").replace('\r', '\n');
    }
    return new Source(file, clean);
  }

  public String file() {
    return file;
  }

  public String text() {
    return text;
  }

  /// The line and column of an offset into [#text].
  public Location location(int offset) {
    int line = lineIndex(offset);
    return new Location(file, line + 1, offset - lineStarts[line] + 1);
  }

  /// The text of a line, counted from one, without its line end; empty if there is no such line.
  public String line(int number) {
    if (number < 1 || number > lineStarts.length) {
      return "";
    }
    int start = lineStarts[number - 1];
    int end = text.indexOf('\n', start);
    return end < 0 ? text.substring(start) : text.substring(start, end);
  }

  int lineIndex(int offset) {
    int found = Arrays.binarySearch(lineStarts, offset);
    return found >= 0 ? found : -found - 2;
  }

  private static int[] lineStarts(String text) {
    int[] starts = new int[16];
    int count = 1;
    for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, count * 2);
      }
      starts[count++] = at + 1;
    }
    return Arrays.copyOf(starts, count);
  }

  @Override
  public String toString() {
    return file;
  }
}
