package dev.athanor.engine.session;

import dev.athanor.engine.action.ActionGraph;
import dev.athanor.engine.action.ActionTypes;
import dev.athanor.engine.graph.Graph;
import dev.athanor.engine.graph.Leaf;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.plan.Watch;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.rule.OpenPlatformInfo;
import dev.athanor.engine.source.FileLeaf;
import dev.athanor.engine.tree.RelativePath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Loads and analyses what is asked for, and makes a plan of it.
///
/// @param root of the workspace
/// @param files outside the workspace that rules look at
record Planner(Path root, Graph graph, ActionTypes types, List<Path> files) {

  /// @throws dev.athanor.engine.UserException when something of it is in error
  Plan plan(RequestKey request, Goal goal) throws InterruptedException {
    List<ConfiguredTarget> configured = meant(request, graph.get(request));
    return Plan.of(
        configured.stream()
            .flatMap(target -> goal.choose().apply(target).stream())
            .distinct()
            .toList(),
        ActionGraph.of(Session.actions(configured)),
        said(request),
        types);
  }

  /// Without targets that wait for a platform, where others have chosen platforms for them.
  private static List<ConfiguredTarget> meant(
      RequestKey request, List<ConfiguredTarget> configured) {
    List<ConfiguredTarget> open =
        configured.stream()
            .filter(target -> target.providers().get(OpenPlatformInfo.class).isPresent())
            .filter(
                target -> !request.patterns().contains(new TargetPattern.Single(target.label())))
            .toList();
    if (open.isEmpty()) {
      return configured;
    }
    Set<Label> chosen =
        Session.reachable(configured).stream()
            .filter(target -> !target.platform().isEmpty())
            .map(ConfiguredTarget::label)
            .collect(Collectors.toSet());
    return configured.stream()
        .filter(target -> !open.contains(target) || !chosen.contains(target.label()))
        .toList();
  }

  /// What was asked of the file system on the way.
  private SortedMap<String, List<Watch.Said>> said(RequestKey request) {
    SortedMap<String, List<Watch.Said>> said = new TreeMap<>();
    for (Map.Entry<Leaf<?>, Object> entry : graph.leaves(request).entrySet()) {
      if (entry.getKey() instanceof FileLeaf<?> leaf) {
        said.computeIfAbsent(name(leaf.path()), _ -> new ArrayList<>())
            .add(new Watch.Said(leaf.aspect(), leaf.fingerprintOf(entry.getValue())));
      }
    }
    files.forEach(file -> said.put(name(file), List.of()));
    return said;
  }

  /// What [Watch#path] calls it.
  private String name(Path path) {
    return path.startsWith(root) ? RelativePath.between(root, path).text() : path.toString();
  }
}
