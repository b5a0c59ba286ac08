package dev.athanor.engine.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What looks like a rule in a BUILD file but stands for several targets.
///
/// @param attributes besides those that every rule has; the targets it stands for inherit the
///   common ones
public record Macro(String name, String doc, List<Attribute> attributes, Expander expander) {
  /// One target of several.
  ///
  /// @param name of the target
  /// @param values of its attributes besides the common ones
  public record Expansion(String name, String rule, Map<String, Object> values) {
    public Expansion {
      values = Map.copyOf(values);
    }
  }

  /// Turns the arguments into targets.
  @FunctionalInterface
  public interface Expander {
    List<Expansion> expand(Attributes attributes);
  }

  public Macro {
    List<Attribute> all = new ArrayList<>(Rule.COMMON);
    all.addAll(attributes);
    attributes = List.copyOf(all);
  }
}
