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
/// @param reason who chose the platform
public record Configuration(
    String os,
    String architecture,
    String variant,
    SortedMap<String, String> flags,
    TestSettings tests,
    Reason reason) {
  /// Who chose the platform.
  public enum Reason {
    /// Nobody did.
    DEFAULT,
    /// The user, for the whole build.
    CHOSEN,
    /// A target that is built for several platforms, for all that this one of them takes.
    IMPOSED
  }

  /// For the platform that most images are for. Never that of the host: results must not depend on
  /// it.
  public static final Configuration DEFAULT =
      new Configuration("linux", "amd64", "", new TreeMap<>(), TestSettings.NONE, Reason.DEFAULT);

  public Configuration {
    flags = Collections.unmodifiableSortedMap(new TreeMap<>(flags));
  }

  public Configuration withFlags(SortedMap<String, String> more) {
    return new Configuration(os, architecture, variant, more, tests, reason);
  }

  public Configuration withTests(TestSettings settings) {
    return new Configuration(os, architecture, variant, flags, settings, reason);
  }

  /// For the platform that the user wants.
  public Configuration withPlatform(String os, String architecture, String variant) {
    return new Configuration(os, architecture, variant, flags, tests, Reason.CHOSEN);
  }

  /// For a platform that a target wants what it depends on for.
  public Configuration imposing(String os, String architecture, String variant) {
    return new Configuration(os, architecture, variant, flags, tests, Reason.IMPOSED);
  }

  /// The platform as `os/architecture/variant`, the last part only where there is one.
  public String platform() {
    return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
  }

  /// The platform where a target imposed it, or nothing.
  public String imposed() {
    return reason == Reason.IMPOSED ? platform() : "";
  }

  /// All of it, in words.
  public String text() {
    return platform()
        + (reason == Reason.DEFAULT ? " (nobody chose another) " : " ")
        + flags
        + tests.text();
  }
}
