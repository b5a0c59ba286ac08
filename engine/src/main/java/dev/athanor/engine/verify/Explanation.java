package dev.athanor.engine.verify;

import dev.athanor.engine.exec.Rerun;
import java.util.List;

/// What [Search] found.
///
/// @param varied what came of varying everything at once
/// @param causes why that is not what it was; none when it is
record Explanation(Rerun varied, List<Cause> causes) {
  Explanation {
    causes = List.copyOf(causes);
  }

  boolean stable() {
    return causes.isEmpty();
  }
}
