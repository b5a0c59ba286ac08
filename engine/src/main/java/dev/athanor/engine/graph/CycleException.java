package dev.athanor.engine.graph;

import dev.athanor.engine.UserException;
import java.util.List;
import java.util.stream.Collectors;

/// A value needs itself.
public final class CycleException extends UserException {
  private static final long serialVersionUID = 1;

  private final boolean located;

  /// @param path from a key back to itself
  CycleException(List<Key<?>> path) {
    this(
        "dependency cycle:\n"
            + path.stream().map(key -> "    " + key).collect(Collectors.joining("\n")),
        false);
  }

  private CycleException(String message, boolean located) {
    super(message, "remove one of these dependencies");
    this.located = located;
  }

  /// The same with the place where one of the values is written; the first place that is told
  /// stays.
  public CycleException at(String location) {
    return located ? this : new CycleException(location + ": " + getMessage(), true);
  }
}
