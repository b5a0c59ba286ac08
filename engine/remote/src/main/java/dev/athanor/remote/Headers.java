package dev.athanor.remote;

import java.io.IOException;
import java.util.Map;

/// What every call carries to say who asks. Safe for use by many threads.
@FunctionalInterface
public interface Headers {
  /// For servers that ask nobody who they are.
  Headers NONE = _ -> Map.of();

  /// Whether there may be others when those given were refused, because they have grown old.
  default boolean renewable() {
    return false;
  }

  /// Header values by name.
  ///
  /// @param fresh whether those given before were refused
  Map<String, String> get(boolean fresh) throws IOException;
}
