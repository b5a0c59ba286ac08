package dev.athanor.engine.exec;

import java.io.IOException;

/// An action could not be run on another machine, for no fault of its own.
public final class RemoteRunException extends IOException {
  private static final long serialVersionUID = 1;

  private final boolean lasting;

  /// @param lasting whether other actions will not fare better: nobody answers, or nobody is let in
  public RemoteRunException(String message, boolean lasting, Throwable cause) {
    super(message, cause);
    this.lasting = lasting;
  }

  public RemoteRunException(String message) {
    super(message);
    this.lasting = false;
  }

  public boolean lasting() {
    return lasting;
  }
}
