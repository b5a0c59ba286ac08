package dev.athanor.oci.rule;

import dev.athanor.actions.GenericRules;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.ActionTypes;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleSet;
import dev.athanor.oci.action.OciActions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// All that there is: what has nothing to do with images, and what has.
public final class Catalogue {
  private Catalogue() {}

  /// Every rule that BUILD files may use.
  ///
  /// @param host the tools of the host, looked at when a command wants them
  public static RuleSet rules(OciActions oci, Supplier<ExecutionRoot.Host> host) {
    List<Rule> rules = new ArrayList<>(GenericRules.rules(host));
    rules.addAll(OciRules.rules(oci));
    return RuleSet.of(
        rules,
        OciRules.macros(),
        OciRules.rootTargets(),
        GenericRules.toolbox(host, OciRules.providers()));
  }

  /// Every type of built-in action.
  public static ActionTypes types(OciActions oci) {
    List<ActionType> all = new ArrayList<>(GenericRules.types());
    all.addAll(oci.types());
    return ActionTypes.of(all);
  }
}
