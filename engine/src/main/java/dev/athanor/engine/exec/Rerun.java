package dev.athanor.engine.exec;

import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What came of running an action once more.
public sealed interface Rerun {
  /// It made every declared output.
  record Made(SortedMap<RelativePath, Content> outputs) implements Rerun {
    public Made {
      outputs = Collections.unmodifiableSortedMap(new TreeMap<>(outputs));
    }
  }

  /// It failed. Two runs that fail for the same reason are equal, whatever they print on the way.
  ///
  /// @param message why, in a line
  /// @param output what it printed
  record Failed(String message, String output) implements Rerun {
    @Override
    public boolean equals(Object other) {
      return other instanceof Failed(var reason, _) && message.equals(reason);
    }

    @Override
    public int hashCode() {
      return message.hashCode();
    }
  }
}
