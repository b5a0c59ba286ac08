package dev.athanor.engine.verify;

import dev.athanor.engine.exec.Rerun;
import java.util.List;

/// What [Search] found.
///
/// @param varied what came of varying everything at once
/// @param causes why that is not what it was; none when it is
/// @param runs how often the action ran for it
record Explanation(Rerun varied, List<Cause> causes, int runs) {
  Explanation {
    causes = List.copyOf(causes);
  }

  boolean stable() {
    return causes.isEmpty();
  }
}
