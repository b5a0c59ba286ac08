package dev.athanor.engine.loading;

import dev.athanor.engine.graph.Evaluation;
import dev.athanor.engine.graph.Key;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.starlark.eval.Module;
import dev.athanor.engine.starlark.syntax.Dialect;
import java.nio.file.Path;

/// A file of functions that others load, evaluated once and frozen.
record ModuleKey(Packages packages, Label label) implements Key<Module> {
  @Override
  public Module compute(Evaluation evaluation) throws InterruptedException {
    return new StarlarkFile(packages, evaluation, label.pkg(), file())
        .run(Dialect.BZL, packages.functions().forModules(), null);
  }

  Path file() {
    return label.path().under(packages.workspace().root());
  }

  @Override
  public String toString() {
    return "load(\"" + label + "\")";
  }
}
