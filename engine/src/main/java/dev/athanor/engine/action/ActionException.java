package dev.athanor.engine.action;

import dev.athanor.engine.UserException;

/// A built-in action failed for a reason outside the engine: a registry said no, an input is not
/// what it should be.
public final class ActionException extends UserException {
  private static final long serialVersionUID = 1;

  public ActionException(String message, String hint) {
    super(message, hint);
  }

  public ActionException(String message, String hint, Throwable cause) {
    super(message, hint, cause);
  }
}
