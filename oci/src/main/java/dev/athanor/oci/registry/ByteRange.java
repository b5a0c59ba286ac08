package dev.athanor.oci.registry;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Part of a blob that somebody asked for.
record ByteRange(long from, long length) {
  private static final Pattern ONE = Pattern.compile("bytes=([0-9]{1,18})-([0-9]{0,18})");

  /// What a header `Range` asks of a blob: several ranges, and what is no range, mean all of it, as
  /// HTTP allows.
  static ByteRange of(@Nullable String header, long size) {
    Matcher matcher = ONE.matcher(header == null ? "" : header);
    if (!matcher.matches()) {
      return new ByteRange(0, size);
    }
    long from = Long.parseLong(matcher.group(1));
    long last = matcher.group(2).isEmpty() ? size - 1 : Long.parseLong(matcher.group(2));
    return last < from && !matcher.group(2).isEmpty()
        ? new ByteRange(0, size)
        : new ByteRange(from, Math.min(last, size - 1) - from + 1);
  }

  /// Whether it begins behind the end.
  boolean isBeyond(long size) {
    return from > 0 && from >= size;
  }
}
