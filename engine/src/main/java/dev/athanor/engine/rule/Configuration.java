package dev.athanor.engine.rule;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a build is for: the platform, and the flags that the user defined. `select` chooses by it.
///
/// @param os as Go names it, such as `linux`
/// @param architecture as Go names it, such as `amd64`
/// @param variant of the architecture; may be empty
/// @param flags from `--define NAME=VALUE`
/// @param tests how tests are to run
public record Configuration(
    String os,
    String architecture,
    String variant,
    SortedMap<String, String> flags,
    TestSettings tests) {
  /// For the platform that most images are for. Never that of the host: results must not depend on
  /// it.
  public static final Configuration DEFAULT =
      new Configuration("linux", "amd64", "", new TreeMap<>(), TestSettings.NONE);

  public Configuration {
    flags = Collections.unmodifiableSortedMap(new TreeMap<>(flags));
  }

  public Configuration withFlags(SortedMap<String, String> more) {
    return new Configuration(os, architecture, variant, more, tests);
  }

  public Configuration withTests(TestSettings settings) {
    return new Configuration(os, architecture, variant, flags, settings);
  }

  public Configuration withPlatform(String os, String architecture, String variant) {
    return new Configuration(os, architecture, variant, flags, tests);
  }

  /// All of it, in words.
  public String text() {
    return os + "/" + architecture + "/" + variant + " " + flags + tests.text();
  }
}
