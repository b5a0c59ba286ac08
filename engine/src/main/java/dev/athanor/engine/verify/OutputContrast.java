package dev.athanor.engine.verify;

import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.diff.Comparison;
import dev.athanor.engine.diff.Difference;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.diff.Differences;
import dev.athanor.engine.diff.Shown;
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
          all.addAll(within(output.getKey().text(), output.getValue(), other));
        }
      }
      return all;
    }
    return List.of(
        new Difference(List.of(COMMAND), Aspect.VALUE, describe(before), describe(after)));
  }

  private List<Difference> within(String output, Content before, Content after) throws IOException {
    List<Difference> all = new ArrayList<>();
    try {
      Differences differences = comparison.of(before, after);
      differences.list().forEach(inside -> all.add(inside.within(output)));
      if (differences.leftOut() > 0) {
        all.add(other(output, "and " + differences.leftOut() + " more differences"));
      }
    } catch (MissingBlobException e) {
      // That they differ is known without it.
      all.add(other(output, "lost: " + e.digest()));
    }
    return all;
  }

  private static Difference other(String output, String text) {
    return new Difference(List.of(output), Aspect.VALUE, "", text);
  }

  private static String describe(Rerun rerun) {
    return switch (rerun) {
      case Rerun.Made _ -> "succeeds";
      case Rerun.Failed(var message, var output) ->
          "fails: " + message + "\n" + Shown.lastLines(output);
    };
  }
}
