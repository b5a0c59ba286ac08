package dev.athanor.engine.rule;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.label.Label;
import java.util.List;

/// A target after its rule was called. A source file is one too, with itself as its only file.
///
/// @param rule the name of the rule; `source file` for a file
/// @param actions what it declared
/// @param dependencies what its attributes name, or the target itself for each of its platforms
/// @param platform that another target wants it for, see [Configuration#imposed]
public record ConfiguredTarget(
    Label label,
    String platform,
    String rule,
    Attributes attributes,
    Providers providers,
    List<Action> actions,
    List<ConfiguredTarget> dependencies) {
  public ConfiguredTarget {
    actions = List.copyOf(actions);
    dependencies = List.copyOf(dependencies);
  }
}
