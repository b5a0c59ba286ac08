package dev.athanor.engine.loading;

import dev.athanor.engine.UserException;
import dev.athanor.engine.graph.Evaluation;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.rule.RuleSet;
import dev.athanor.engine.source.FileKind;
import dev.athanor.engine.tree.RelativePath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The packages of a workspace, and the rules that their BUILD files may use. One object for as
/// long as the process looks at the workspace.
public final class Packages {
  private final Workspace workspace;
  private final RuleSet rules;
  private final BuildFunctions functions;

  public Packages(Workspace workspace, RuleSet rules) {
    this.workspace = workspace;
    this.rules = rules;
    this.functions = new BuildFunctions(rules);
  }

  public Workspace workspace() {
    return workspace;
  }

  public RuleSet rules() {
    return rules;
  }

  /// Names a package's content.
  public PackageKey key(RelativePath path) {
    return new PackageKey(this, path);
  }

  /// The BUILD file of a package, if the directory is one.
  public Optional<Path> buildFile(RelativePath pkg, Evaluation evaluation)
      throws InterruptedException {
    for (Path candidate : workspace.buildFiles(pkg)) {
      if (evaluation.get(new FileKind(candidate)).isFile()) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /// The targets that patterns name, in the order of the patterns, each once. Exclusions take away
  /// what stands before them.
  ///
  /// @throws UserException when a pattern names nothing
  public List<Label> expand(List<TargetPattern> patterns, Evaluation evaluation)
      throws InterruptedException {
    Set<Label> labels = new LinkedHashSet<>();
    for (TargetPattern pattern : patterns) {
      if (pattern instanceof TargetPattern.Except(var excluded)) {
        expand(excluded, evaluation).forEach(labels::remove);
      } else {
        labels.addAll(expand(pattern, evaluation));
      }
    }
    return List.copyOf(labels);
  }

  private List<Label> expand(TargetPattern pattern, Evaluation evaluation)
      throws InterruptedException {
    return switch (pattern) {
      case TargetPattern.Single(var label) -> List.of(label);
      case TargetPattern.AllIn(var pkg) -> labels(List.of(evaluation.get(key(pkg))));
      case TargetPattern.AllBelow(var directory) -> {
        List<PackageKey> keys = workspace.packagesBelow(directory).stream().map(this::key).toList();
        if (keys.isEmpty()) {
          throw new UserException(
              "no packages below //" + directory, "a package is a directory with a BUILD file");
        }
        yield labels(evaluation.getAll(keys));
      }
      case TargetPattern.Except(var excluded) -> expand(excluded, evaluation);
    };
  }

  /// Every target that the packages declare themselves. Targets tagged `manual` must be named.
  private static List<Label> labels(List<LoadedPackage> packages) {
    List<Label> labels = new ArrayList<>();
    for (LoadedPackage pkg : packages) {
      pkg.targets().values().stream()
          .filter(target -> !target.attributes().strings("tags").contains("manual"))
          .forEach(target -> labels.add(target.label()));
    }
    return labels;
  }

  BuildFunctions functions() {
    return functions;
  }
}
