package dev.athanor.testing;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.plan.Plan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;

/// One action of a target. Built anew for each question, from the files as they are then.
public final class TargetAction {
  private final Athanor athanor;
  private final String label;
  private final String which;

  TargetAction(Athanor athanor, String label, String which) {
    this.athanor = athanor;
    this.label = label;
    this.which = which;
  }

  /// Builds its target.
  ///
  /// @throws BuildFailed when that does not succeed
  public Build build() {
    return athanor.build(label);
  }

  /// Builds its target, and runs the action again under whatever can be varied.
  public Verification verify() {
    return verify(Asked.ALL);
  }

  Verification verify(Asked asked) {
    Build build = build();
    BitSet one = new BitSet();
    one.set(number(build.plan()));
    return athanor.verify(build, toString(), one, asked);
  }

  /// Its number in a plan.
  ///
  /// @throws AssertionError when the target has no such action, or several
  int number(Plan plan) {
    Label owner = Label.parseAbsolute(label);
    List<Integer> own = new ArrayList<>();
    for (int number = 0; number < plan.actionCount(); number++) {
      if (plan.owner(number).equals(owner)) {
        own.add(number);
      }
    }
    List<Integer> chosen =
        own.stream().filter(number -> which.isEmpty() || isMeant(plan.action(number))).toList();
    if (chosen.size() == 1) {
      return chosen.getFirst();
    }
    if (own.isEmpty()) {
      throw new AssertionError(label + " has no action that it takes to build it");
    }
    String all =
        own.stream()
            .map(number -> "  " + describe(plan.action(number)))
            .collect(Collectors.joining("\n"));
    throw new AssertionError(
        (which.isEmpty()
                ? label + " has " + own.size() + " actions: say which one"
                : label
                    + (chosen.isEmpty() ? " has no action '" : " has several actions '")
                    + which
                    + "'; it has")
            + "\n"
            + all);
  }

  private boolean isMeant(Action action) {
    return action.mnemonic().equals(which)
        || action.outputs().stream()
            .anyMatch(output -> ("/" + output.path()).endsWith("/" + which));
  }

  private static String describe(Action action) {
    return action.mnemonic()
        + " makes "
        + action.outputs().stream()
            .map(output -> output.path().text())
            .collect(Collectors.joining(", "));
  }

  Athanor athanor() {
    return athanor;
  }

  @Override
  public String toString() {
    return which.isEmpty() ? label : label + " (" + which + ")";
  }
}
