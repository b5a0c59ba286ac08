package dev.athanor.sandbox;

/// Descriptors of the first process of a [SpecProgram]. They are all taken, so that the next one
/// that it opens is always [#NEXT].
final class Fd {
  static final int STDIN = 0;
  static final int STDOUT = 1;
  static final int STDERR = 2;

  /// Where [Init] finds the program.
  static final int PROGRAM = 3;

  /// Reads as closed once the JVM is gone.
  static final int LIFE = 4;

  static final int USER_NAMESPACE = 5;
  static final int MOUNT_NAMESPACE = 6;
  static final int NET_NAMESPACE = 7;

  /// The controlling terminal, for a command that takes it over.
  static final int TERMINAL = 8;

  static final int NEXT = 9;

  private Fd() {}
}
