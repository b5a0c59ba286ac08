package dev.athanor.remote;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Another machine did not do what it was asked, after all retries. Never a reason to fail a build.
public final class RemoteException extends IOException {
  private static final long serialVersionUID = 1;

  private final boolean hopeless;

  private RemoteException(String message, @Nullable Throwable cause, boolean hopeless) {
    super(message, cause);
    this.hopeless = hopeless;
  }

  /// Something that may be over in a moment.
  public static RemoteException trouble(String message, @Nullable Throwable cause) {
    return new RemoteException(message, cause, false);
  }

  /// Something that stays as it is, such as a refusal.
  public static RemoteException hopeless(String message, @Nullable Throwable cause) {
    return new RemoteException(message, cause, true);
  }

  /// Whether asking again makes no sense.
  public boolean isHopeless() {
    return hopeless;
  }
}
