package dev.athanor.engine.bzl;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.rule.Attributes;
import dev.athanor.engine.rule.Configuration;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.rule.RuleContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A target without attributes, of a rule that declares nothing: enough to ask `ctx` for its
/// fields.
record SampleContext(Label label) implements RuleContext {
  @Override
  public Attributes attributes() {
    return new Attributes(Map.of(), Set.of());
  }

  @Override
  public Configuration configuration() {
    return Configuration.DEFAULT;
  }

  @Override
  public Optional<ConfiguredTarget> dependency(String attribute) {
    return Optional.empty();
  }

  @Override
  public List<ConfiguredTarget> dependencies(String attribute) {
    return List.of();
  }

  @Override
  public ConfiguredTarget analysed(Label dependency) {
    throw new IllegalStateException("a sample depends on nothing");
  }

  @Override
  public void register(Action action) {
    throw new IllegalStateException("a sample declares nothing");
  }

  @Override
  public UserException error(String attribute, String message, String hint) {
    return new UserException(attribute + ": " + message, hint);
  }
}
