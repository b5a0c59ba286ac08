package dev.athanor.sandbox;

/// Descriptors of a process that executes a [Program]. They are all taken, so that the next one
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
  static final int NET_NAMESPACE = 6;

  /// The mount namespace of [Realm#mirror()].
  static final int MIRROR = 7;

  /// The mount namespace of a [View].
  static final int VIEW = 8;

  /// The controlling terminal, for a command that takes it over.
  static final int TERMINAL = 9;

  /// Wakes a [ForkServer].
  static final int WAKE = 10;

  /// Lets go what a [ForkServer] started.
  static final int RELEASE = 11;

  /// Control groups that process 1 is to join: the first of [#GROUPS] descriptors.
  static final int GROUP = 12;

  static final int GROUPS = 2;

  static final int NEXT = GROUP + GROUPS;

  private Fd() {}
}
