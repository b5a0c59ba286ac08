package dev.athanor.engine.plan;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.label.Label;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a command wants of a target that it was asked for.
///
/// @param rule the name of its rule
/// @param artifacts what is to be made of it, by the part that it plays
/// @param facts further words by name, for whoever wanted them
public record WantedTarget(
    Label label,
    String rule,
    SortedMap<String, List<Artifact>> artifacts,
    SortedMap<String, String> facts) {
  /// The part of what is shown in the folder of outputs.
  public static final String FILES = "files";

  public WantedTarget {
    SortedMap<String, List<Artifact>> copies = new TreeMap<>();
    artifacts.forEach((part, list) -> copies.put(part, List.copyOf(list)));
    artifacts = Collections.unmodifiableSortedMap(copies);
    facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
  }

  public static WantedTarget of(Label label, String rule, Map<String, List<Artifact>> artifacts) {
    return new WantedTarget(label, rule, new TreeMap<>(artifacts), new TreeMap<>());
  }

  public WantedTarget withFact(String name, String value) {
    SortedMap<String, String> more = new TreeMap<>(facts);
    more.put(name, value);
    return new WantedTarget(label, rule, artifacts, more);
  }
}
