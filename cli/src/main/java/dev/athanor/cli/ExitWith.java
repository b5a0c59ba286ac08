package dev.athanor.cli;

/// Ends a command with an exit code that is not ours: that of a program it ran.
final class ExitWith extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int code;

  ExitWith(int code) {
    super("exit code " + code, null, false, false);
    this.code = code;
  }

  int code() {
    return code;
  }
}
