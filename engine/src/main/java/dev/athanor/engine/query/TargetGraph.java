package dev.athanor.engine.query;

import dev.athanor.engine.UserException;
import dev.athanor.engine.graph.Evaluation;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.loading.LoadedPackage;
import dev.athanor.engine.loading.Packages;
import dev.athanor.engine.loading.Target;
import dev.athanor.engine.query.PackageAttempt.Result;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.source.FileKind;
import dev.athanor.engine.starlark.syntax.Spelling;
import dev.athanor.engine.tree.RelativePath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The targets of a workspace and what each depends on directly, found out as far as somebody asks.
///
/// Whole batches of packages load side by side; everything else happens on the caller's thread. A
/// target's edges are the labels in its attributes, those of all branches where the configuration
/// decides; a generated file depends on the target that makes it.
public final class TargetGraph {
  private final Packages packages;
  private final Evaluation evaluation;
  private final boolean keepGoing;
  private final boolean implicit;
  private final Map<RelativePath, Result> loaded = new HashMap<>();
  private final Map<Label, QueryTarget> targets = new HashMap<>();
  private final Map<Label, List<Label>> edges = new HashMap<>();
  private final Map<String, UserException> errors = new LinkedHashMap<>();

  /// @param keepGoing whether what is broken is noted and left out, rather than thrown
  /// @param implicit whether targets depend, too, on what their rules name without being told
  public TargetGraph(
      Packages packages, Evaluation evaluation, boolean keepGoing, boolean implicit) {
    this.packages = packages;
    this.evaluation = evaluation;
    this.keepGoing = keepGoing;
    this.implicit = implicit;
  }

  Packages packages() {
    return packages;
  }

  /// Every package at or below `directory`, in order.
  Collection<RelativePath> packagesBelow(RelativePath directory) throws InterruptedException {
    return packages.packagesBelow(directory, evaluation);
  }

  /// What was left out so far, and why; each error once.
  List<UserException> errors() {
    return List.copyOf(errors.values());
  }

  /// Notes an error, or throws it when somebody wants to hear of the first.
  void fail(UserException error) {
    if (!keepGoing) {
      throw error;
    }
    // One broken package may be needed by hundreds.
    Throwable root = error.getCause() instanceof UserException cause ? cause : error;
    errors.putIfAbsent(String.valueOf(root.getMessage()), error);
  }

  /// Loads packages side by side, unless they are there.
  void load(Collection<RelativePath> paths) throws InterruptedException {
    List<RelativePath> missing =
        paths.stream().filter(path -> !loaded.containsKey(path)).distinct().toList();
    List<Result> results =
        evaluation.getAll(
            missing.stream().map(path -> new PackageAttempt(packages.key(path))).toList());
    for (int i = 0; i < missing.size(); i++) {
      loaded.put(missing.get(i), results.get(i));
    }
  }

  /// A package; absent when it is broken and that was noted.
  ///
  /// @throws UserException when it is broken and the first error is the last
  Optional<LoadedPackage> pkg(RelativePath path) throws InterruptedException {
    load(List.of(path));
    return switch (Objects.requireNonNull(loaded.get(path))) {
      case Result.Loaded(var pkg) -> Optional.of(pkg);
      case Result.Broken(var error) -> {
        fail(error);
        yield Optional.empty();
      }
    };
  }

  /// The target of that name.
  ///
  /// @throws UserException when there is none
  QueryTarget target(Label label) throws InterruptedException {
    QueryTarget known = targets.get(label);
    if (known != null) {
      return known;
    }
    load(List.of(label.pkg()));
    QueryTarget found =
        switch (Objects.requireNonNull(loaded.get(label.pkg()))) {
          case Result.Loaded(var pkg) -> find(pkg, label);
          case Result.Broken(var error) -> throw error;
        };
    targets.put(label, found);
    return found;
  }

  /// A file that need not be in a package, such as a module.
  Label file(Label label) {
    targets.putIfAbsent(label, new QueryTarget.SourceFile(label));
    return label;
  }

  private QueryTarget find(LoadedPackage pkg, Label label) throws InterruptedException {
    Target target = pkg.targets().get(label.name());
    if (target != null) {
      return new QueryTarget.OfRule(target);
    }
    Target maker = pkg.outputs().get(label.name());
    if (maker != null) {
      return new QueryTarget.GeneratedFile(label, maker);
    }
    if (exists(label)) {
      return new QueryTarget.SourceFile(label);
    }
    throw unknown(pkg, label);
  }

  private static UserException unknown(LoadedPackage pkg, Label label) {
    Set<String> names = new LinkedHashSet<>(pkg.targets().keySet());
    names.addAll(pkg.outputs().keySet());
    String near = Spelling.suggest(label.name(), names);
    return new UserException(
        "no such target: " + label + " is neither declared nor a file",
        near == null ? "" : "did you mean " + label.sibling(near) + "?");
  }

  /// Finds out the edges of all these targets at once, so that packages load side by side.
  void expand(Collection<Label> labels) throws InterruptedException {
    Set<RelativePath> needed = new LinkedHashSet<>();
    List<Label> fresh = new ArrayList<>();
    for (Label label : labels) {
      if (!edges.containsKey(label)) {
        fresh.add(label);
        forEachEdge(target(label), to -> needed.add(to.pkg()));
      }
    }
    load(needed);
    for (Label label : fresh) {
      edges.put(label, resolve(target(label)));
    }
  }

  /// What the target depends on directly, in the order of its attributes, each once.
  List<Label> edges(Label label) throws InterruptedException {
    List<Label> known = edges.get(label);
    if (known == null) {
      expand(List.of(label));
      known = Objects.requireNonNull(edges.get(label));
    }
    return known;
  }

  private void forEachEdge(QueryTarget target, Consumer<Label> visitor) {
    switch (target) {
      case QueryTarget.OfRule(var declared) ->
          AttributeValues.forEachLabel(declared, implicit, visitor);
      case QueryTarget.GeneratedFile(_, var maker) -> visitor.accept(maker.label());
      case QueryTarget.SourceFile _ -> {}
    }
  }

  /// What one attribute of a target names: other targets, and files that it makes.
  List<Label> named(Target target, Attribute attribute) throws InterruptedException {
    Set<Label> named = new LinkedHashSet<>();
    AttributeValues.forEachLabel(target, attribute, named::add);
    AttributeValues.forEachOutput(target, attribute, named::add);
    return resolve(new QueryTarget.OfRule(target), named);
  }

  private List<Label> resolve(QueryTarget from) throws InterruptedException {
    Set<Label> named = new LinkedHashSet<>();
    forEachEdge(from, named::add);
    return resolve(from, named);
  }

  private List<Label> resolve(QueryTarget from, Set<Label> named) throws InterruptedException {
    List<Label> found = new ArrayList<>(named.size());
    for (Label to : named) {
      try {
        found.add(target(to).label());
      } catch (UserException e) {
        fail(neededBy(from, e));
      }
    }
    return List.copyOf(found);
  }

  static UserException neededBy(QueryTarget from, UserException error) {
    return new UserException(
        error.getMessage() + "\n  needed by " + from.label() + " at " + from.location(),
        error.hint().orElse(""),
        error);
  }

  /// Everything that lies in a package: targets, files they make, files that they name, and the
  /// BUILD file.
  Set<Label> all(LoadedPackage pkg) throws InterruptedException {
    Set<Label> all = new LinkedHashSet<>(rules(pkg));
    pkg.outputs().keySet().forEach(name -> all.add(new Label(pkg.path(), name)));
    Set<Label> named = new LinkedHashSet<>();
    pkg.targets()
        .values()
        .forEach(target -> AttributeValues.forEachLabel(target, implicit, named::add));
    for (Label label : named) {
      if (label.pkg().equals(pkg.path())
          && !pkg.targets().containsKey(label.name())
          && exists(label)) {
        all.add(file(label));
      }
    }
    buildFile(pkg.path()).ifPresent(all::add);
    return all;
  }

  /// The targets that the package declares, in declared order, without those that every workspace
  /// has.
  static List<Label> rules(LoadedPackage pkg) {
    return pkg.targets().values().stream()
        .filter(target -> !target.isBuiltIn())
        .map(Target::label)
        .toList();
  }

  /// The BUILD file as a target.
  Optional<Label> buildFile(RelativePath pkg) throws InterruptedException {
    return packages
        .buildFile(pkg, evaluation)
        .map(Path::getFileName)
        .map(name -> file(new Label(pkg, name.toString())));
  }

  private boolean exists(Label file) throws InterruptedException {
    Path path = file.path().under(packages.workspace().root());
    return evaluation.get(new FileKind(path)) != FileKind.Kind.ABSENT;
  }
}
