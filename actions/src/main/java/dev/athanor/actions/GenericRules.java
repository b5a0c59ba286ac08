package dev.athanor.actions;

import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.rule.Rule;
import java.util.List;
import java.util.function.Supplier;

/// Every rule of this module.
public final class GenericRules {
  private GenericRules() {}

  /// @param host the tools that commands without an image of their own see; asked for only when
  ///   such a command is declared
  public static List<Rule> rules(Supplier<ExecutionRoot.Host> host) {
    return List.of(
        Genrule.rule(host), FileRules.filegroup(), FileRules.files(), ConfigSettingRule.rule());
  }
}
