package dev.athanor.engine.session;

import dev.athanor.engine.analysis.TargetKey;
import dev.athanor.engine.graph.Evaluation;
import dev.athanor.engine.graph.Key;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.loading.Packages;
import dev.athanor.engine.rule.Configuration;
import dev.athanor.engine.rule.ConfiguredTarget;
import java.util.List;

/// All targets that some patterns name, analysed, in the order of the patterns.
record RequestKey(Packages packages, List<TargetPattern> patterns, Configuration configuration)
    implements Key<List<ConfiguredTarget>> {
  @Override
  public List<ConfiguredTarget> compute(Evaluation evaluation) throws InterruptedException {
    return evaluation.getAll(
        packages.expand(patterns, evaluation).stream()
            .map(label -> new TargetKey(packages, label, configuration))
            .toList());
  }

  @Override
  public String toString() {
    return "targets " + patterns;
  }
}
