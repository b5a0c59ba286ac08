package dev.athanor.engine.loading;

import dev.athanor.engine.UserException;
import dev.athanor.engine.graph.Evaluation;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.rule.RuleSet;
import dev.athanor.engine.source.DirectoryListing;
import dev.athanor.engine.source.FileKind;
import dev.athanor.engine.starlark.syntax.Spelling;
import dev.athanor.engine.tree.RelativePath;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// The packages of a workspace, and the rules that their BUILD files may use. One object for as
/// long as the process looks at the workspace.
public final class Packages {
  private final Workspace workspace;
  private final RuleSet rules;
  private final BuildFunctions functions;
  private final Consumer<String> printed;

  /// Packages whose files print to nobody.
  public Packages(Workspace workspace, RuleSet rules) {
    this(workspace, rules, _ -> {});
  }

  /// @param printed hears what files print while they are loaded and analysed, and where; called by
  ///   many threads
  public Packages(Workspace workspace, RuleSet rules, Consumer<String> printed) {
    this.workspace = workspace;
    this.rules = rules;
    this.functions = new BuildFunctions(rules);
    this.printed = printed;
  }

  /// Tells the user something.
  public void say(String message) {
    printed.accept(message);
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
      case TargetPattern.AllBelow(var directory) ->
          labels(
              evaluation.getAll(
                  packagesBelow(directory, evaluation).stream().map(this::key).toList()));
      case TargetPattern.Except(var excluded) -> expand(excluded, evaluation);
    };
  }

  /// Every package at or below `directory`, in order.
  ///
  /// @throws UserException when there is none
  public Set<RelativePath> packagesBelow(RelativePath directory, Evaluation evaluation)
      throws InterruptedException {
    if (evaluation.get(new FileKind(directory.under(workspace.root())))
        != FileKind.Kind.DIRECTORY) {
      throw new UserException("no such directory: " + directory);
    }
    Set<RelativePath> found = search(directory, evaluation);
    if (found.isEmpty()) {
      throw new UserException(
          "no packages below //" + directory, "a package is a directory with a BUILD file");
    }
    return found;
  }

  private Set<RelativePath> search(RelativePath directory, Evaluation evaluation)
      throws InterruptedException {
    Set<RelativePath> found = new TreeSet<>();
    ArrayDeque<RelativePath> open = new ArrayDeque<>(List.of(directory));
    for (RelativePath at = open.poll(); at != null; at = open.poll()) {
      Map<String, Boolean> names = evaluation.get(new DirectoryListing(at.under(workspace.root())));
      if (!at.equals(directory) && !workspace.isSearched(at, names)) {
        continue;
      }
      if (Workspace.isPackage(names) && buildFile(at, evaluation).isPresent()) {
        found.add(at);
      }
      for (Map.Entry<String, Boolean> entry : names.entrySet()) {
        if (entry.getValue()) {
          open.add(at.resolve(entry.getKey()));
        }
      }
    }
    return found;
  }

  /// The package with the name most like that of `pkg`, if any is like it.
  Optional<RelativePath> near(RelativePath pkg, Evaluation evaluation) throws InterruptedException {
    List<String> names =
        search(RelativePath.ROOT, evaluation).stream().map(RelativePath::text).toList();
    return Optional.ofNullable(Spelling.suggest(pkg.text(), names)).map(RelativePath::of);
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
