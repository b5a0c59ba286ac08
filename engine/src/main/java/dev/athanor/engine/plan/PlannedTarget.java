package dev.athanor.engine.plan;

import java.util.Optional;
import java.util.SortedMap;

/// A target of a plan. Artifacts are referred to by number, see [Plan#number].
public final class PlannedTarget {
  private static final int[] NONE = {};

  private final String label;
  private final String rule;
  private final String[] parts;
  private final int[][] references;
  private final SortedMap<String, String> facts;

  /// @param references to what plays each of the parts
  PlannedTarget(
      String label,
      String rule,
      String[] parts,
      int[][] references,
      SortedMap<String, String> facts) {
    this.label = label;
    this.rule = rule;
    this.parts = parts;
    this.references = references;
    this.facts = facts;
  }

  /// As [dev.athanor.engine.label.Label] writes itself.
  public String label() {
    return label;
  }

  /// The name of its rule.
  public String rule() {
    return rule;
  }

  /// What plays that part; empty when nothing does. Not to be changed.
  public int[] references(String part) {
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].equals(part)) {
        return references[i];
      }
    }
    return NONE;
  }

  /// The only artifact that plays that part.
  public Optional<Integer> reference(String part) {
    int[] all = references(part);
    return all.length == 0 ? Optional.empty() : Optional.of(all[0]);
  }

  /// Further words by name.
  public SortedMap<String, String> facts() {
    return facts;
  }
}
