package dev.athanor.engine.query;

import dev.athanor.engine.UserException;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.loading.LoadedPackage;
import dev.athanor.engine.tree.RelativePath;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What target patterns name in a query. Unlike in a build, targets tagged `manual` count among
/// `:all`, and `:*` names files as well.
///
/// @param here the package that relative patterns belong to
record Patterns(TargetGraph graph, RelativePath here) {
  private static final List<String> WITH_FILES = List.of(":*", ":all-targets");

  Set<Label> expand(String text) throws InterruptedException {
    Optional<String> files = WITH_FILES.stream().filter(text::endsWith).findFirst();
    String pattern =
        files.map(end -> text.substring(0, text.length() - end.length()) + ":all").orElse(text);
    return expand(TargetPattern.parse(pattern, here), files.isPresent());
  }

  private Set<Label> expand(TargetPattern pattern, boolean files) throws InterruptedException {
    return switch (pattern) {
      case TargetPattern.Single(var label) -> Set.of(graph.target(label).label());
      case TargetPattern.AllIn(var pkg) -> contents(List.of(pkg), files);
      case TargetPattern.AllBelow(var directory) -> contents(graph.packagesBelow(directory), files);
      case TargetPattern.Except _ -> throw new UserException("a pattern cannot begin with '-'");
    };
  }

  private Set<Label> contents(Collection<RelativePath> packages, boolean files)
      throws InterruptedException {
    graph.load(packages);
    Set<Label> labels = new LinkedHashSet<>();
    for (RelativePath path : packages) {
      Optional<LoadedPackage> pkg = graph.pkg(path);
      if (pkg.isPresent()) {
        labels.addAll(files ? graph.all(pkg.get()) : TargetGraph.rules(pkg.get()));
      }
    }
    return labels;
  }
}
