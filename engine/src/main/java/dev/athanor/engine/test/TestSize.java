package dev.athanor.engine.test;

import java.time.Duration;
import java.util.Locale;

/// How much a test takes. Decides how long it may run, where nobody says so.
enum TestSize {
  SMALL(60),
  MEDIUM(300),
  LARGE(900),
  ENORMOUS(3600);

  private final int seconds;

  TestSize(int seconds) {
    this.seconds = seconds;
  }

  /// The size of that word, which must be one.
  static TestSize of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  Duration timeout() {
    return Duration.ofSeconds(seconds);
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
