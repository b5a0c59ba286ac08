package dev.athanor.engine.analysis;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.graph.Evaluation;
import dev.athanor.engine.graph.Key;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.loading.LoadedPackage;
import dev.athanor.engine.loading.Packages;
import dev.athanor.engine.loading.Target;
import dev.athanor.engine.rule.Attributes;
import dev.athanor.engine.rule.Configuration;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.rule.DefaultInfo;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.source.FileKind;
import dev.athanor.engine.starlark.syntax.Spelling;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A label, analysed: a target, a file that a target makes, or a source file.
///
/// @param packages where targets come from; one per process, so that keys of one label are equal
public record TargetKey(Packages packages, Label label, Configuration configuration)
    implements Key<ConfiguredTarget> {
  private static final Attributes NO_ATTRIBUTES = new Attributes(Map.of(), Set.of());

  @Override
  public ConfiguredTarget compute(Evaluation evaluation) throws InterruptedException {
    LoadedPackage pkg = evaluation.get(packages.key(label.pkg()));
    Target target = pkg.targets().get(label.name());
    if (target != null) {
      return new TargetAnalysis(packages, target, configuration).run(evaluation);
    }
    Target maker = pkg.outputs().get(label.name());
    if (maker != null) {
      return output(evaluation.get(new TargetKey(packages, maker.label(), configuration)));
    }
    FileKind.Kind kind =
        evaluation.get(new FileKind(label.path().under(packages.workspace().root())));
    if (kind == FileKind.Kind.ABSENT) {
      throw unknown(pkg);
    }
    return file(
        "source file",
        new Artifact.Source(label.path()),
        kind == FileKind.Kind.PROGRAM,
        Optional.empty());
  }

  private ConfiguredTarget output(ConfiguredTarget maker) {
    return maker.actions().stream()
        .flatMap(action -> action.outputs().stream())
        .filter(output -> output.visiblePath().equals(label.path()))
        .findFirst()
        .map(output ->
            file(
                "generated file",
                output,
                output.kind() == Artifact.Derived.Kind.EXECUTABLE,
                Optional.of(maker)))
        .orElseThrow(
            () -> new UserException(maker.label() + " does not make '" + label.name() + "'"));
  }

  private ConfiguredTarget file(
      String rule, Artifact file, boolean executable, Optional<ConfiguredTarget> maker) {
    DefaultInfo info = DefaultInfo.of(List.of(file));
    return new ConfiguredTarget(
        label,
        configuration.imposed(),
        rule,
        NO_ATTRIBUTES,
        Providers.of(executable ? info.withExecutable(file) : info),
        List.of(),
        maker.stream().toList());
  }

  private UserException unknown(LoadedPackage pkg) {
    Set<String> names = new TreeSet<>(pkg.targets().keySet());
    names.addAll(pkg.outputs().keySet());
    names.addAll(filesBeside());
    String hint =
        Optional.ofNullable(Spelling.suggest(label.name(), names))
            .map(name -> "did you mean " + label.sibling(name) + "?")
            .orElse(
                pkg.targets().isEmpty()
                    ? "the package declares no targets"
                    : "the package has " + String.join(", ", pkg.targets().keySet()));
    return new UserException("no such target or file: " + label, hint);
  }

  /// The names of the files where this one would lie, relative to the package.
  private Set<String> filesBeside() {
    Path root = packages.workspace().root();
    Path directory = label.path().parent().under(root);
    Path pkg = label.pkg().under(root);
    Set<String> names = new TreeSet<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
        files.forEach(file -> names.add(RelativePath.between(pkg, file).text()));
      } catch (IOException e) {
        // Only a hint would come of it.
      }
    }
    return names;
  }

  @Override
  public String toString() {
    return label.toString();
  }
}
