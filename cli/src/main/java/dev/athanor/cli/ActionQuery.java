package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.exec.KnownKeys;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.query.QueryResult;
import dev.athanor.engine.query.QueryTarget;
import dev.athanor.engine.query.output.ActionOutput;
import dev.athanor.engine.rule.ConfiguredTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The actions behind the answer to a query: all that the targets declare, for each of their
/// platforms, and of a generated file the one that makes it.
///
/// @param errors takes what is wrong with targets when the user wants to see the others
record ActionQuery(Workbench bench, List<UserException> errors) {

  List<ActionOutput.Entry> entries(QueryResult result) throws IOException, InterruptedException {
    List<ConfiguredTarget> targets =
        analyze(result.targets().stream().map(QueryTarget::label).toList());
    Set<Action> actions = new LinkedHashSet<>();
    for (ConfiguredTarget target : targets) {
      target.dependencies().stream()
          .filter(platform -> platform.label().equals(target.label()))
          .forEach(platform -> actions.addAll(platform.actions()));
      actions.addAll(target.actions());
      for (ConfiguredTarget maker : makers(target)) {
        maker.actions().stream()
            .filter(action -> makes(action, target.label()))
            .forEach(actions::add);
      }
    }
    KnownKeys keys = bench.session.keys(targets);
    List<ActionOutput.Entry> entries = new ArrayList<>();
    for (Action action : actions) {
      entries.add(new ActionOutput.Entry(action, keys.key(action)));
    }
    return entries;
  }

  private List<ConfiguredTarget> analyze(List<Label> labels) throws InterruptedException {
    try {
      return bench.session.analyze(labels);
    } catch (UserException e) {
      if (!bench.flags.keepGoing()) {
        throw e;
      }
    }
    List<ConfiguredTarget> targets = new ArrayList<>();
    for (Label label : labels) {
      try {
        targets.addAll(bench.session.analyze(List.of(label)));
      } catch (UserException e) {
        errors.add(e);
      }
    }
    return targets;
  }

  /// A file has no actions of its own, but may depend on the target that makes it.
  private static List<ConfiguredTarget> makers(ConfiguredTarget target) {
    return target.rule().equals("generated file") ? target.dependencies() : List.of();
  }

  private static boolean makes(Action action, Label file) {
    return action.outputs().stream().anyMatch(output -> output.visiblePath().equals(file.path()));
  }
}
