package dev.athanor.engine.verify;

import dev.athanor.engine.diff.Difference;
import dev.athanor.engine.exec.Factor;
import java.util.List;
import java.util.Set;

/// Why outputs differ, and how.
///
/// @param factors the smallest set that makes the difference when all of it is varied; empty where
///   outputs differ though everything is held that can be
/// @param differences what becomes of the outputs
public record Cause(Kind kind, Set<Factor> factors, List<Difference> differences) {
  public Cause {
    factors = Factor.setOf(factors);
    differences = List.copyOf(differences);
  }

  /// How it shows.
  public enum Kind {
    /// Outputs depend on what is varied, and are the same as long as it is.
    CIRCUMSTANCE,
    /// Outputs differ from run to run, and no longer when the factors are held: what varies is
    /// itself another every time.
    REPETITION,
    /// Outputs differ from run to run, whatever is held.
    CHANCE
  }
}
