package dev.athanor.engine.analysis;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.graph.CycleException;
import dev.athanor.engine.graph.Evaluation;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.loading.Packages;
import dev.athanor.engine.loading.Target;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Attributes;
import dev.athanor.engine.rule.Configuration;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.engine.rule.Visibility;
import dev.athanor.engine.source.FileKind;
import dev.athanor.engine.source.FileText;
import dev.athanor.engine.tree.RelativePath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Stream;

/// The one call of a target's rule.
final class TargetAnalysis implements RuleContext {
  private final Packages packages;
  private final Target target;
  private final Configuration configuration;
  private Attributes attributes;
  private final Map<Label, ConfiguredTarget> dependencies = new LinkedHashMap<>();
  private final List<Action> actions = new ArrayList<>();
  private final Map<RelativePath, String> texts = new HashMap<>();
  private List<ConfiguredTarget> platforms = List.of();

  TargetAnalysis(Packages packages, Target target, Configuration configuration) {
    this.packages = packages;
    this.target = target;
    this.configuration = configuration;
    this.attributes = target.attributes();
  }

  ConfiguredTarget run(Evaluation evaluation) throws InterruptedException {
    attributes = new Choices(packages, target, configuration).resolve(evaluation);
    for (RelativePath file : target.rule().reads()) {
      read(file, evaluation);
    }
    List<TargetKey> split =
        target.rule().split().of(this).stream()
            .map(wanted -> new TargetKey(packages, target.label(), wanted))
            .toList();
    platforms = evaluation.getAll(split);
    analyzeDependencies(evaluation);
    Providers providers = target.rule().implementation().analyze(this);
    return new ConfiguredTarget(
        target.label(),
        configuration.imposed(),
        target.rule().name(),
        attributes,
        providers,
        actions,
        Stream.concat(platforms.stream(), dependencies.values().stream()).toList());
  }

  private void read(RelativePath file, Evaluation evaluation) throws InterruptedException {
    Path path = file.under(packages.workspace().root());
    if (evaluation.get(new FileKind(path)) != FileKind.Kind.ABSENT) {
      texts.put(file, evaluation.get(new FileText(path)).toString());
    }
  }

  private void analyzeDependencies(Evaluation evaluation) throws InterruptedException {
    List<Label> labels = List.copyOf(labels());
    List<TargetKey> keys =
        labels.stream().map(label -> new TargetKey(packages, label, configuration)).toList();
    try {
      List<ConfiguredTarget> analysed = evaluation.getAll(keys);
      for (int i = 0; i < labels.size(); i++) {
        dependencies.put(labels.get(i), analysed.get(i));
        checkVisible(labels.get(i), evaluation);
      }
    } catch (CycleException e) {
      throw e.at(target.location());
    } catch (BrokenDependency e) {
      throw e;
    } catch (UserException e) {
      throw new BrokenDependency(target, e);
    }
  }

  private void checkVisible(Label label, Evaluation evaluation) throws InterruptedException {
    if (label.pkg().equals(target.label().pkg())) {
      return;
    }
    Visibility visibility = evaluation.get(packages.key(label.pkg())).visibility(label.name());
    if (!visibility.includes(target.label().pkg())) {
      throw new UserException(
          target.location()
              + ": "
              + label
              + " is not visible to "
              + target.label()
              + ": it is visible to "
              + visibility,
          "add \"//" + target.label().pkg() + ":__pkg__\" to its visibility");
    }
  }

  private SequencedSet<Label> labels() {
    SequencedSet<Label> labels = new LinkedHashSet<>();
    for (Attribute attribute : target.rule().attributes()) {
      if (!platforms.isEmpty() && !target.rule().split().keeps(attribute)) {
        continue;
      }
      switch (attribute.type()) {
        case LABEL -> attributes().label(attribute.name()).ifPresent(labels::add);
        case LABELS -> labels.addAll(attributes().labels(attribute.name()));
        case LABEL_MAP -> labels.addAll(attributes().labelMap(attribute.name()).keySet());
        case STRING, INT, BOOL, STRINGS, STRING_MAP, INTS, STRING_LIST_MAP, OUTPUTS -> {}
      }
    }
    return labels;
  }

  @Override
  public Label label() {
    return target.label();
  }

  @Override
  public Attributes attributes() {
    return attributes;
  }

  @Override
  public Configuration configuration() {
    return configuration;
  }

  @Override
  public Optional<ConfiguredTarget> dependency(String attribute) {
    return attributes().label(attribute).map(this::analysed);
  }

  @Override
  public List<ConfiguredTarget> dependencies(String attribute) {
    return attributes().labels(attribute).stream().map(this::analysed).toList();
  }

  @Override
  public Optional<String> text(RelativePath file) {
    return Optional.ofNullable(texts.get(file));
  }

  @Override
  public List<ConfiguredTarget> split() {
    return platforms;
  }

  @Override
  public void register(Action action) {
    actions.add(action);
  }

  @Override
  public void say(String message) {
    packages.say(message);
  }

  @Override
  public UserException error(String attribute, String message, String hint) {
    return new UserException(
        target.location() + ": " + target.label() + ": " + attribute + ": " + message, hint);
  }

  @Override
  public ConfiguredTarget analysed(Label label) {
    return Objects.requireNonNull(dependencies.get(label));
  }
}
