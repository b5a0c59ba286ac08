package dev.athanor.engine.session;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionGraph;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.analysis.TargetKey;
import dev.athanor.engine.exec.Build;
import dev.athanor.engine.exec.KnownKeys;
import dev.athanor.engine.exec.Scheduler;
import dev.athanor.engine.graph.Graph;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.loading.Packages;
import dev.athanor.engine.query.TargetGraph;
import dev.athanor.engine.rule.Configuration;
import dev.athanor.engine.rule.ConfiguredTarget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One command's work in a workspace: names targets, analyses them, and brings artifacts into
/// being.
public final class Session {
  private final Graph graph = new Graph();
  private final Packages packages;
  private final Scheduler scheduler;
  private final Configuration configuration;

  /// @param configuration of the targets that are asked for
  public Session(Packages packages, Configuration configuration, Scheduler scheduler) {
    this.packages = packages;
    this.configuration = configuration;
    this.scheduler = scheduler;
  }

  /// The targets that patterns name, in the order of the patterns.
  ///
  /// @throws dev.athanor.engine.UserException when a pattern names nothing
  public List<Label> expand(List<TargetPattern> patterns) throws InterruptedException {
    return packages.expand(patterns, graph);
  }

  /// The targets, analysed.
  ///
  /// @throws dev.athanor.engine.UserException when one of them, or something it depends on, is in
  ///   error
  public List<ConfiguredTarget> analyze(List<Label> labels) throws InterruptedException {
    return graph.getAll(
        labels.stream().map(label -> new TargetKey(packages, label, configuration)).toList());
  }

  /// Makes artifacts of these targets.
  public Build.Result build(
      Collection<ConfiguredTarget> targets, Collection<? extends Artifact> wanted)
      throws InterruptedException {
    return scheduler.build(ActionGraph.of(actions(targets)), wanted);
  }

  /// What targets depend on, loaded as far as somebody asks; never analysed.
  ///
  /// @param keepGoing whether what is broken is noted and left out, rather than thrown
  /// @param implicit whether targets depend, too, on what their rules name without being told
  public TargetGraph targets(boolean keepGoing, boolean implicit) {
    return new TargetGraph(packages, graph, keepGoing, implicit);
  }

  /// The keys of the targets' actions, as far as they are known without running any.
  public KnownKeys keys(Collection<ConfiguredTarget> targets) {
    return scheduler.keys(ActionGraph.of(actions(targets)));
  }

  /// Every action of the targets and of all they depend on.
  public static List<Action> actions(Collection<ConfiguredTarget> targets) {
    List<Action> actions = new ArrayList<>();
    reachable(targets).forEach(target -> actions.addAll(target.actions()));
    return actions;
  }

  /// The targets and all they depend on, each once.
  public static Collection<ConfiguredTarget> reachable(Collection<ConfiguredTarget> targets) {
    Map<Label, ConfiguredTarget> seen = new LinkedHashMap<>();
    ArrayDeque<ConfiguredTarget> open = new ArrayDeque<>(targets);
    for (ConfiguredTarget target = open.poll(); target != null; target = open.poll()) {
      if (seen.putIfAbsent(target.label(), target) == null) {
        open.addAll(target.dependencies());
      }
    }
    return seen.values();
  }
}
