package dev.athanor.sandbox;

import java.util.Locale;
import java.util.Optional;

/// The processors for which there is an [Init] and a list of [Syscall] numbers.
enum Arch {
  X86_64,
  AARCH64;

  /// The one this JVM runs on, absent when it is none of them or the system is not Linux.
  static Optional<Arch> host() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return Optional.empty();
    }
    return switch (System.getProperty("os.arch", "").toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64" -> Optional.of(X86_64);
      case "aarch64" -> Optional.of(AARCH64);
      default -> Optional.empty();
    };
  }
}
