package dev.athanor.engine.session;

import dev.athanor.engine.plan.WantedTarget;
import dev.athanor.engine.rule.ConfiguredTarget;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What a command wants to be made of the targets that it is given.
///
/// @param name of the command; equal names mean equal choices
/// @param choose what is wanted for a target, of itself or of others; all artifacts of the outcome
///   are made
/// @param afresh a part whose makers run whatever is known of them; see [WantedTarget#artifacts]
public record Goal(
    String name, Function<ConfiguredTarget, List<WantedTarget>> choose, Optional<String> afresh) {

  /// Takes one thing of each target, and nothing that is known twice.
  public static Goal of(String name, Function<ConfiguredTarget, WantedTarget> choose) {
    return new Goal(name, target -> List.of(choose.apply(target)), Optional.empty());
  }
}
