package dev.athanor.cli;

import dev.athanor.engine.exec.Summary;

/// What the process says to whoever started it. The numbers are Bazel's, so that scripts carry
/// over.
enum ExitCode {
  SUCCESS(0),
  /// An action failed.
  BUILD_FAILED(1),
  /// The command line, the WORKSPACE or a BUILD file is wrong.
  BAD_INPUT(2),
  TESTS_FAILED(3),
  NO_TESTS(4),
  /// `verify` found outputs that are not reproducible.
  NOT_DETERMINISTIC(5),
  INTERRUPTED(8),
  /// The machine failed: disk full, permission denied.
  MACHINE(36),
  /// A bug of ours.
  BUG(37);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /// What a build ends with.
  static ExitCode of(Summary summary) {
    return summary.success() ? SUCCESS : BUILD_FAILED;
  }

  int number() {
    return number;
  }
}
