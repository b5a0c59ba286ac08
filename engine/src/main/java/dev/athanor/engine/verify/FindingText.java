package dev.athanor.engine.verify;

import dev.athanor.engine.diff.Difference;
import dev.athanor.engine.diff.DifferenceText;
import dev.athanor.engine.exec.Factor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was found out, in lines for people.
public final class FindingText {
  /// How many differences of one cause are told.
  private static final int SHOWN = 8;

  private FindingText() {}

  /// Of an action that is not deterministic: which it is, and every cause; of another one, nothing.
  public static List<String> of(Verified action) {
    List<String> lines = new ArrayList<>();
    if (action.verdict() instanceof Verdict.Unstable(_, _, var causes)) {
      lines.add("not deterministic: " + action.description() + " (" + action.output() + ")");
      causes.forEach(cause -> lines.addAll(of(cause)));
    }
    return lines;
  }

  /// Indented.
  public static List<String> of(Cause cause) {
    List<String> lines = new ArrayList<>();
    lines.add("  " + Advice.reason(cause));
    lines.addAll(of(cause.differences()));
    Advice.fixes(cause).forEach(fix -> lines.add("  hint: " + fix));
    return lines;
  }

  /// Indented further; the first few of them.
  public static List<String> of(List<Difference> differences) {
    List<String> lines = new ArrayList<>();
    differences.stream()
        .limit(SHOWN)
        .flatMap(difference -> DifferenceText.lines(difference).stream())
        .forEach(line -> lines.add("    " + line));
    if (differences.size() > SHOWN) {
      lines.add("    and " + (differences.size() - SHOWN) + " more differences");
    }
    return lines;
  }

  /// What could not be varied, and for how many actions.
  public static Optional<String> notVaried(Collection<Verified> actions) {
    Map<Factor, Integer> counts = new EnumMap<>(Factor.class);
    for (Verified action : actions) {
      action.verdict().notVaried().forEach(factor -> counts.merge(factor, 1, (a, b) -> a + b));
    }
    if (counts.isEmpty()) {
      return Optional.empty();
    }
    List<String> parts = new ArrayList<>();
    counts.forEach((factor, count) ->
        parts.add(factor.id() + " (" + count + (count == 1 ? " action)" : " actions)")));
    return Optional.of("not varied, because the sandbox cannot: " + String.join(", ", parts));
  }
}
