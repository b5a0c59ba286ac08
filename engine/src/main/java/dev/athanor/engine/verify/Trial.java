package dev.athanor.engine.verify;

import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Rerun;
import java.io.IOException;
import java.util.Set;

/// Runs one action again.
@FunctionalInterface
interface Trial {
  /// @param varied what is otherwise than in builds
  Rerun under(Set<Factor> varied) throws IOException, InterruptedException;
}
