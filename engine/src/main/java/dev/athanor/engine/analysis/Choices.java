package dev.athanor.engine.analysis;

import dev.athanor.engine.UserException;
import dev.athanor.engine.graph.Evaluation;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.loading.Packages;
import dev.athanor.engine.loading.Target;
import dev.athanor.engine.rule.Attributes;
import dev.athanor.engine.rule.ConfigSetting;
import dev.athanor.engine.rule.Configurable;
import dev.athanor.engine.rule.Configuration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// Makes the choices that a target's attributes leave to the configuration.
record Choices(Packages packages, Target target, Configuration configuration) {

  /// The attributes, all of them plain.
  Attributes resolve(Evaluation evaluation) throws InterruptedException {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, Object> attribute : target.attributes().values().entrySet()) {
      values.put(
          attribute.getKey(),
          attribute.getValue() instanceof Configurable configurable
              ? resolve(attribute.getKey(), configurable, evaluation)
              : attribute.getValue());
    }
    return new Attributes(values, target.attributes().given());
  }

  private Object resolve(String attribute, Configurable configurable, Evaluation evaluation)
      throws InterruptedException {
    Map<Label, ConfigSetting> settings = new LinkedHashMap<>();
    for (Label condition : configurable.conditions()) {
      settings.put(condition, setting(attribute, condition, evaluation));
    }
    List<Object> values = new ArrayList<>();
    for (Configurable.Part part : configurable.parts()) {
      values.add(
          switch (part) {
            case Configurable.Part.Plain(var value) -> value;
            case Configurable.Part.Choice choice -> choose(attribute, choice, settings);
          });
    }
    return Configurable.join(values);
  }

  private ConfigSetting setting(String attribute, Label condition, Evaluation evaluation)
      throws InterruptedException {
    return evaluation
        .get(new TargetKey(packages, condition, configuration))
        .providers()
        .get(ConfigSetting.class)
        .orElseThrow(
            () -> error(attribute, condition + " is no condition", "name a config_setting"));
  }

  /// Of the conditions that hold the one that asks for most.
  private Object choose(
      String attribute, Configurable.Part.Choice choice, Map<Label, ConfigSetting> settings) {
    List<Label> holding =
        choice.branches().keySet().stream()
            .filter(label -> Objects.requireNonNull(settings.get(label)).holds(configuration))
            .toList();
    if (holding.isEmpty()) {
      return choice.otherwise().orElseThrow(() -> noMatch(attribute, choice));
    }
    List<Label> best =
        holding.stream().filter(label -> refinesAll(label, holding, settings)).toList();
    List<Object> values =
        (best.isEmpty() ? holding : best).stream().map(choice.branches()::get).distinct().toList();
    if (values.size() > 1) {
      throw error(
          attribute,
          "several conditions hold: " + names(holding),
          "let one of them ask for all that the others ask for");
    }
    return values.getFirst();
  }

  private static boolean refinesAll(
      Label label, List<Label> others, Map<Label, ConfigSetting> settings) {
    ConfigSetting setting = Objects.requireNonNull(settings.get(label));
    return others.stream()
        .allMatch(other ->
            other.equals(label) || setting.refines(Objects.requireNonNull(settings.get(other))));
  }

  private UserException noMatch(String attribute, Configurable.Part.Choice choice) {
    return choice.noMatch().isEmpty()
        ? error(
            attribute,
            "no condition holds of " + names(choice.branches().keySet()),
            "add a branch for \"//conditions:default\"")
        : error(attribute, choice.noMatch(), "");
  }

  private static String names(Iterable<Label> labels) {
    List<Label> list = new ArrayList<>();
    labels.forEach(list::add);
    return list.stream().map(Label::toString).collect(Collectors.joining(", "));
  }

  private UserException error(String attribute, String message, String hint) {
    return new UserException(
        target.location() + ": " + target.label() + ": " + attribute + ": " + message, hint);
  }
}
