package dev.athanor.engine.diff;

import java.io.IOException;

/// Bytes are not what their first ones promised, or more than anybody wants to look at. They are
/// compared as bytes then; nobody is told why.
public final class DamagedException extends IOException {
  private static final long serialVersionUID = 1;

  public DamagedException(String message) {
    super(message);
  }

  public DamagedException(String message, Throwable cause) {
    super(message, cause);
  }
}
