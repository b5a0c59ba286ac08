package dev.athanor.engine.loading;

import dev.athanor.engine.UserException;
import dev.athanor.engine.bzl.BzlContext;
import dev.athanor.engine.bzl.Exportable;
import dev.athanor.engine.bzl.TargetSink;
import dev.athanor.engine.graph.CycleException;
import dev.athanor.engine.graph.Evaluation;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.source.FileKind;
import dev.athanor.engine.source.FileText;
import dev.athanor.engine.starlark.eval.Module;
import dev.athanor.engine.starlark.eval.Program;
import dev.athanor.engine.starlark.syntax.Dialect;
import dev.athanor.engine.starlark.syntax.Expression.StringLiteral;
import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.starlark.syntax.SyntaxException;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.StarlarkThread;
import dev.athanor.engine.tree.RelativePath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A file of the workspace in the build language. Everything that is wrong with it becomes one
/// [UserException].
final class StarlarkFile {
  private final Packages packages;
  private final Evaluation evaluation;
  private final RelativePath pkg;
  private final Path file;

  /// @param pkg where labels in the file start
  StarlarkFile(Packages packages, Evaluation evaluation, RelativePath pkg, Path file) {
    this.packages = packages;
    this.evaluation = evaluation;
    this.pkg = pkg;
    this.file = file;
  }

  /// Evaluates the file.
  ///
  /// @param builder takes the targets that the file declares; null where a file must not declare
  ///   any
  Module run(Dialect dialect, Map<String, Object> functions, @Nullable PackageBuilder builder)
      throws InterruptedException {
    String name = RelativePath.between(packages.workspace().root(), file).text();
    Source source = Source.of(name, evaluation.get(new FileText(file)).toString());
    try {
      Program program = Program.compile(source, dialect, functions.keySet());
      Map<String, Module> modules = load(program.loads(), source);
      StarlarkThread.Builder thread =
          StarlarkThread.builder()
              .printHandler((at, message) ->
                  packages.say(StarlarkThread.located(at.callerLocation(), message)))
              .loader((_, module) -> Objects.requireNonNull(modules.get(module)));
      if (builder == null) {
        thread.with(BzlContext.class, new BzlContext(pkg, packages.rules().toolbox()));
      } else {
        thread.with(PackageBuilder.class, builder).with(TargetSink.class, builder);
      }
      try (StarlarkThread running = thread.build()) {
        Module module = program.run(running, functions);
        module.globals().forEach(StarlarkFile::export);
        return module;
      }
    } catch (SyntaxException e) {
      throw new UserException(e.format(), "", e);
    } catch (EvalError e) {
      List<String> errors = new ArrayList<>(builder == null ? List.of() : builder.errors());
      errors.add(e.format());
      throw new UserException(String.join("\n", errors), "", e);
    }
  }

  private static void export(String name, Object value) {
    if (value instanceof Exportable exportable) {
      exportable.export(name);
    }
  }

  private Map<String, Module> load(List<StringLiteral> loads, Source source)
      throws InterruptedException {
    List<ModuleKey> keys = new ArrayList<>();
    for (StringLiteral load : loads) {
      try {
        keys.add(module(load.value()));
      } catch (UserException e) {
        throw new UserException(
            source.location(load.position()) + ": " + e.getMessage(), e.hint().orElse(""), e);
      }
    }
    List<Module> modules;
    try {
      modules = evaluation.getAll(keys);
    } catch (CycleException e) {
      throw e.at(source.location(loads.getFirst().position()).toString());
    }
    Map<String, Module> byName = new HashMap<>();
    for (int i = 0; i < modules.size(); i++) {
      byName.put(loads.get(i).value(), modules.get(i));
    }
    return byName;
  }

  private ModuleKey module(String text) throws InterruptedException {
    ModuleKey key = new ModuleKey(packages, Label.parse(text, pkg));
    if (!evaluation.get(new FileKind(key.file())).isFile()) {
      throw new UserException(
          "cannot load " + key.label() + ": no such file",
          "labels of modules look like //dir:file.bzl");
    }
    return key;
  }
}
