package dev.athanor.remote;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Another machine did not do what it was asked, after all retries. Never a reason to fail a build.
public final class RemoteException extends IOException {
  private static final long serialVersionUID = 1;

  private final Kind kind;

  private enum Kind {
    PASSING,
    LASTING,
    PARTICULAR
  }

  private RemoteException(String message, @Nullable Throwable cause, Kind kind) {
    super(message, cause);
    this.kind = kind;
  }

  /// Something that may be over in a moment.
  public static RemoteException trouble(String message, @Nullable Throwable cause) {
    return new RemoteException(message, cause, Kind.PASSING);
  }

  /// Something that stays as it is whatever is asked, such as a refusal.
  public static RemoteException hopeless(String message, @Nullable Throwable cause) {
    return new RemoteException(message, cause, Kind.LASTING);
  }

  /// Something that is wrong with this one question, and says nothing of others.
  public static RemoteException particular(String message, @Nullable Throwable cause) {
    return new RemoteException(message, cause, Kind.PARTICULAR);
  }

  /// Whether asking the same again makes no sense.
  public boolean isHopeless() {
    return kind != Kind.PASSING;
  }

  /// Whether asking anything makes no sense.
  boolean isLasting() {
    return kind == Kind.LASTING;
  }

  /// Whether it says nothing of the machine.
  boolean isParticular() {
    return kind == Kind.PARTICULAR;
  }
}
