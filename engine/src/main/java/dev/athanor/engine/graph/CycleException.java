package dev.athanor.engine.graph;

import dev.athanor.engine.UserException;
import java.util.List;
import java.util.stream.Collectors;

/// A value needs itself.
public final class CycleException extends UserException {
  private static final long serialVersionUID = 1;

  /// @param path from a key back to itself
  CycleException(List<Key<?>> path) {
    super(
        "dependency cycle:\n"
            + path.stream().map(key -> "    " + key).collect(Collectors.joining("\n")),
        "remove one of these dependencies");
  }
}
