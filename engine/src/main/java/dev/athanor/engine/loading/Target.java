package dev.athanor.engine.loading;

import dev.athanor.engine.label.Label;
import dev.athanor.engine.rule.Attributes;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.Visibility;

/// An instance of a rule in a package: what a BUILD file says, checked but not analysed.
///
/// @param attributes may hold [dev.athanor.engine.rule.Configurable] values
/// @param location `file:line:column` of the call that declared it
public record Target(
    Label label, Rule rule, Attributes attributes, Visibility visibility, String location) {
  /// The location of a target that a package has without saying so.
  static final String BUILT_IN = "built in";

  /// Whether no BUILD file declares it.
  public boolean isBuiltIn() {
    return location.equals(BUILT_IN);
  }
}
