package dev.athanor.engine.starlark.value;

/// Receives what `print` prints, without a line end. [StarlarkThread#callerLocation] tells where.
public interface PrintHandler {
  /// Drops everything.
  PrintHandler NONE = (_, _) -> {};

  void print(StarlarkThread thread, String message);
}
