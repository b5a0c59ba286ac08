package dev.athanor.actions;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The environment that commands start with.
final class Environment {
  /// The same for everyone: no locale, time zone or home of a user, and the epoch as the time of
  /// whatever asks.
  static final SortedMap<String, String> CLEAN =
      new TreeMap<>(
          Map.of(
              "PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
              "HOME", "/nonexistent",
              "LANG", "C.UTF-8",
              "TZ", "UTC",
              "SOURCE_DATE_EPOCH", "0",
              "TMPDIR", "/tmp"));

  private Environment() {}
}
