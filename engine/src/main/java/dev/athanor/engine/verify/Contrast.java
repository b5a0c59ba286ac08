package dev.athanor.engine.verify;

import dev.athanor.engine.diff.Difference;
import dev.athanor.engine.exec.Rerun;
import java.io.IOException;
import java.util.List;

/// Tells how the outcomes of two runs differ.
@FunctionalInterface
interface Contrast {
  List<Difference> between(Rerun before, Rerun after) throws IOException;
}
