package dev.athanor.testing;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.verify.FindingText;
import dev.athanor.engine.verify.Verdict;
import dev.athanor.engine.verify.Verified;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What came of running actions again in other circumstances.
///
/// Determinism is shown only by looking. So this knows three answers: outputs differ
/// ([#differing]), nobody looked closely enough ([#gaps]), and neither of the two.
public final class Verification {
  private final String what;
  private final List<Verified> actions;
  private final Plan plan;
  private final Asked asked;

  Verification(String what, List<Verified> actions, Plan plan, Asked asked) {
    this.what = what;
    this.actions = List.copyOf(actions);
    this.plan = plan;
    this.asked = asked;
  }

  /// Whether every action was looked at, and makes the same outputs whatever was varied.
  public boolean isDeterministic() {
    return differing().isEmpty() && gaps().isEmpty();
  }

  /// What is told of each action whose outputs differ: the causes, the differences and what helps,
  /// as `athanor verify` tells it.
  public List<String> differing() {
    return actions.stream().flatMap(action -> FindingText.of(action).stream()).toList();
  }

  /// Why it is not known that outputs are always the same, where they were not seen to differ; none
  /// when it is. Factors that cannot be varied here are a reason only where they were asked for by
  /// name.
  public List<String> gaps() {
    List<String> gaps = new ArrayList<>();
    if (actions.isEmpty()) {
      gaps.add("it takes no action: there is nothing to run again");
    }
    actions.stream().flatMap(action -> gap(action).stream()).forEach(gaps::add);
    if (asked.named()) {
      gaps.addAll(notVariedAsAsked());
    }
    return gaps;
  }

  private Optional<String> gap(Verified action) {
    String reason =
        switch (action.verdict()) {
          // What a built-in fetches is known by its digest: it cannot be another.
          case Verdict.NotVerified(var why, var broken, _)
              when broken || plan.action(action.number()) instanceof Action.Command ->
              why;
          case Verdict.Stable _, Verdict.Unstable _, Verdict.NotVerified _ -> "";
        };
    return reason.isEmpty()
        ? Optional.empty()
        : Optional.of("not verified: " + action.description() + ": " + reason);
  }

  private List<String> notVariedAsAsked() {
    List<String> lines = new ArrayList<>();
    Set<Factor> varied = varied();
    for (Factor factor : asked.factors()) {
      List<String> without =
          actions.stream()
              .filter(action -> action.verdict().notVaried().contains(factor))
              .map(Verified::description)
              .toList();
      if (!without.isEmpty()) {
        lines.add("cannot be varied here: " + factor.id() + ", for " + String.join(", ", without));
      } else if (!varied.contains(factor)) {
        lines.add("cannot be varied: " + factor.id() + ", which no action of it meets");
      }
    }
    return lines;
  }

  /// The factors that were varied, each for one of the actions at least.
  public Set<Factor> varied() {
    Set<Factor> varied = EnumSet.noneOf(Factor.class);
    actions.forEach(action -> varied.addAll(action.verdict().varied()));
    return Factor.setOf(varied);
  }

  /// The factors that one of the actions at least could depend on and that cannot be varied here.
  public Set<Factor> notVaried() {
    Set<Factor> without = EnumSet.noneOf(Factor.class);
    actions.forEach(action -> without.addAll(action.verdict().notVaried()));
    return Factor.setOf(without);
  }

  /// [#notVaried] as a line for people, with how many actions it concerns.
  Optional<String> notVariedText() {
    return FindingText.notVaried(actions);
  }

  static String ids(Set<Factor> factors) {
    return factors.isEmpty()
        ? "nothing"
        : factors.stream().map(Factor::id).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    lines.add(
        what + (isDeterministic() ? " is deterministic" : " is not known to be deterministic"));
    lines.addAll(differing());
    lines.addAll(gaps());
    notVariedText().ifPresent(lines::add);
    return String.join("\n", lines);
  }
}
