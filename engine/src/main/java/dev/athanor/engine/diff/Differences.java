package dev.athanor.engine.diff;

import java.util.List;

/// What a comparison found.
///
/// @param list in the order of what was compared
/// @param leftOut how many more differences there are at least
public record Differences(List<Difference> list, long leftOut) {
  public Differences {
    list = List.copyOf(list);
  }

  /// Whether nothing differs.
  public boolean isEmpty() {
    return list.isEmpty() && leftOut == 0;
  }
}
