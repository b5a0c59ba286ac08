package dev.athanor.engine.rule;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Every rule and macro that BUILD files may use.
///
/// @param rules by each of their names and aliases
/// @param toolbox what rules written in the build language work with
/// @param rootTargets targets that the root package has without saying so, unless it declares the
///   name itself
public record RuleSet(
    Map<String, Rule> rules,
    Map<String, Macro> macros,
    List<Macro.Expansion> rootTargets,
    Toolbox toolbox) {
  public RuleSet {
    rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
    macros = Collections.unmodifiableMap(new LinkedHashMap<>(macros));
    rootTargets = List.copyOf(rootTargets);
  }

  public static RuleSet of(
      List<Rule> rules, List<Macro> macros, List<Macro.Expansion> rootTargets, Toolbox toolbox) {
    Map<String, Rule> byName = new LinkedHashMap<>();
    for (Rule rule : rules) {
      byName.put(rule.name(), rule);
      rule.aliases().forEach(alias -> byName.put(alias, rule));
    }
    Map<String, Macro> macrosByName = new LinkedHashMap<>();
    macros.forEach(macro -> macrosByName.put(macro.name(), macro));
    return new RuleSet(byName, macrosByName, rootTargets, toolbox);
  }
}
