package dev.athanor.engine.plan;

import dev.athanor.engine.source.FileLeaf;
import java.util.List;

/// A path that a plan depends on.
///
/// @param path below the workspace's root, or absolute when it lies elsewhere
/// @param source whether actions read what stands there
/// @param said what loading and analysis wanted to know of it, and were told; empty for what is no
///   source when they depend on all of it
public record Watch(String path, boolean source, List<Said> said) {
  public Watch {
    said = List.copyOf(said);
  }

  /// @param aspect what was asked
  /// @param fingerprint of the answer, see [FileLeaf#fingerprint]
  public record Said(FileLeaf.Aspect aspect, long fingerprint) {}
}
