package dev.athanor.engine.loading;

import dev.athanor.engine.UserException;
import dev.athanor.engine.graph.Evaluation;
import dev.athanor.engine.graph.Key;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.starlark.eval.Module;
import dev.athanor.engine.starlark.syntax.Dialect;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file of functions that others load, evaluated once and frozen.
record ModuleKey(Packages packages, Label label) implements Key<Module> {
  @Override
  public Module compute(Evaluation evaluation) throws InterruptedException {
    Path file = label.path().under(packages.workspace().root());
    if (!Files.isRegularFile(file)) {
      throw new UserException(
          "cannot load " + label + ": no such file", "labels of modules look like //dir:file.bzl");
    }
    return new StarlarkFile(packages, evaluation, label.pkg(), file)
        .run(Dialect.BZL, packages.functions().forModules(), null);
  }

  @Override
  public String toString() {
    return "load(\"" + label + "\")";
  }
}
