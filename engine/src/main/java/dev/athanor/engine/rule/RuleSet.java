package dev.athanor.engine.rule;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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

  /// What has an argument that `rule` lacks and is called almost like it, as the plural of a rule
  /// is.
  public Optional<String> variantOf(String rule, String argument) {
    Stream<String> having =
        Stream.concat(
            rules.values().stream()
                .filter(other -> has(other.attributes(), argument))
                .map(Rule::name),
            macros.values().stream()
                .filter(other -> has(other.attributes(), argument))
                .map(Macro::name));
    return having
        .filter(other -> other.startsWith(rule) || rule.startsWith(other))
        .min(Comparator.comparingInt(String::length));
  }

  private static boolean has(List<Attribute> attributes, String argument) {
    return attributes.stream()
        .anyMatch(a -> a.name().equals(argument) || a.aliases().contains(argument));
  }
}
