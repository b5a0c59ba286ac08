package dev.athanor.engine.session;

import dev.athanor.engine.action.ActionTypes;
import dev.athanor.engine.rule.RuleSet;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/// The program that the engine is part of: what it can do.
///
/// @param fingerprint another one for every version of the program; plans of other versions do not
///   count
/// @param rules that BUILD files may use; asked for only when files are loaded
/// @param types every type of built-in action that these rules use
/// @param files outside the workspace that rules look at
public record Program(
    String fingerprint, Supplier<RuleSet> rules, ActionTypes types, List<Path> files) {
  public Program {
    files = List.copyOf(files);
  }
}
