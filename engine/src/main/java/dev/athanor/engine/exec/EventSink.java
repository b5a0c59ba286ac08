package dev.athanor.engine.exec;

/// Takes events from many threads. Returns quickly and never throws.
@FunctionalInterface
public interface EventSink {
  /// Hears nothing.
  EventSink NONE = _ -> {};

  void post(BuildEvent event);
}
