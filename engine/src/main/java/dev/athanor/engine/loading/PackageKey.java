package dev.athanor.engine.loading;

import dev.athanor.engine.UserException;
import dev.athanor.engine.graph.Evaluation;
import dev.athanor.engine.graph.Key;
import dev.athanor.engine.starlark.syntax.Dialect;
import dev.athanor.engine.tree.RelativePath;
import java.nio.file.Path;
import java.util.Optional;

/// A package, evaluated.
///
/// @param packages one per process, so that keys of one path are equal
public record PackageKey(Packages packages, RelativePath path) implements Key<LoadedPackage> {
  @Override
  public LoadedPackage compute(Evaluation evaluation) throws InterruptedException {
    Optional<Path> file = packages.buildFile(path, evaluation);
    PackageBuilder builder = new PackageBuilder(packages, path, evaluation);
    if (file.isPresent()) {
      new StarlarkFile(packages, evaluation, path, file.get())
          .run(Dialect.BUILD, packages.functions().forBuildFiles(), builder);
    } else if (!path.isRoot()) {
      throw missing(evaluation);
    }
    if (path.isRoot()) {
      packages.rules().rootTargets().forEach(builder::addSilently);
    }
    return builder.finish();
  }

  private UserException missing(Evaluation evaluation) throws InterruptedException {
    return new UserException(
        "no such package: //" + path + " has no BUILD file",
        packages
            .near(path, evaluation)
            .map(near -> "did you mean //" + near + "?")
            .orElse("create " + path + "/BUILD"));
  }

  @Override
  public String toString() {
    return "package //" + path;
  }
}
