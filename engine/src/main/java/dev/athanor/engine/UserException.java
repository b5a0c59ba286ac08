package dev.athanor.engine;

import java.util.Optional;

/// A mistake that the user can mend: shown as message and hint, never as a stack trace.
///
/// Failures of the machine are [java.io.IOException]s; every other exception that leaves the engine
/// is a bug of ours.
public class UserException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String hint;

  public UserException(String message) {
    this(message, "");
  }

  /// @param hint what to do about it, one sentence; empty when the message says it all
  public UserException(String message, String hint) {
    super(message);
    this.hint = hint;
  }

  public UserException(String message, String hint, Throwable cause) {
    super(message, cause);
    this.hint = hint;
  }

  /// What to do about it.
  public Optional<String> hint() {
    return hint.isEmpty() ? Optional.empty() : Optional.of(hint);
  }
}
