package dev.athanor.engine.verify;

import dev.athanor.engine.diff.Comparison;
import dev.athanor.engine.diff.Difference;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.exec.Rerun;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Compares what two runs made, output by output.
record OutputContrast(Comparison comparison) implements Contrast {
  /// Where a failure is told instead of an output.
  private static final String COMMAND = "(the action)";

  @Override
  public List<Difference> between(Rerun before, Rerun after) throws IOException {
    if (before instanceof Rerun.Made(var old) && after instanceof Rerun.Made(var now)) {
      List<Difference> all = new ArrayList<>();
      for (Map.Entry<RelativePath, Content> output : old.entrySet()) {
        Content other = now.get(output.getKey());
        if (other != null && !other.equals(output.getValue())) {
          for (Difference inside : comparison.of(output.getValue(), other).list()) {
            all.add(within(output.getKey().text(), inside));
          }
        }
      }
      return all;
    }
    return List.of(
        new Difference(List.of(COMMAND), Aspect.VALUE, describe(before), describe(after)));
  }

  private static Difference within(String output, Difference inside) {
    List<String> where = new ArrayList<>();
    where.add(output);
    where.addAll(inside.where());
    return new Difference(where, inside.aspect(), inside.before(), inside.after());
  }

  private static String describe(Rerun rerun) {
    return switch (rerun) {
      case Rerun.Made _ -> "succeeds";
      case Rerun.Failed(var message, var output) -> "fails: " + message + "\n" + output;
    };
  }
}
