package dev.athanor.engine.loading;

import dev.athanor.engine.UserException;
import dev.athanor.engine.bzl.BzlFunctions;
import dev.athanor.engine.rule.Macro;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleSet;
import dev.athanor.engine.rule.Visibility;
import dev.athanor.engine.starlark.lib.Struct;
import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.StarlarkList;
import dev.athanor.engine.starlark.value.StarlarkThread;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The names that BUILD files and modules find defined, besides those of the language.
final class BuildFunctions {
  private final Map<String, Object> functions = new LinkedHashMap<>();
  private final Map<String, Object> moduleFunctions;

  BuildFunctions(RuleSet rules) {
    rules.rules().forEach((name, rule) -> functions.put(name, function(name, rule)));
    rules.macros().forEach((name, macro) -> functions.put(name, function(macro)));
    define("glob", "include, exclude=[], *, allow_empty=False", BuildFunctions::glob);
    define("package_name", "", (thread, _) -> builder(thread, "package_name").path().text());
    define("exports_files", "srcs, visibility=[]", BuildFunctions::exportsFiles);
    define("package", "*, default_visibility=[]", BuildFunctions::packageDefaults);
    define("select", "conditions, no_match_error=''", BuildFunctions::select);
    moduleFunctions = new LinkedHashMap<>(functions);
    moduleFunctions.putAll(BzlFunctions.create(rules.toolbox()));
    moduleFunctions.put("native", Struct.of("native", functions));
  }

  Map<String, Object> forBuildFiles() {
    return functions;
  }

  /// Those that declare something work in functions that a BUILD file calls.
  Map<String, Object> forModules() {
    return moduleFunctions;
  }

  private void define(String name, String signature, Builtin.Body body) {
    functions.put(name, Builtin.of(name, signature, body));
  }

  private static Builtin function(String name, Rule rule) {
    return Builtin.of(
        name,
        "**kwargs",
        (thread, arguments) -> {
          builder(thread, name).add(thread, rule, arguments.kwargsMap());
          return None.NONE;
        });
  }

  private static Builtin function(Macro macro) {
    return Builtin.of(
        macro.name(),
        "**kwargs",
        (thread, arguments) -> {
          builder(thread, macro.name()).add(thread, macro, arguments.kwargsMap());
          return None.NONE;
        });
  }

  private static Object glob(StarlarkThread thread, BoundArguments arguments)
      throws EvalError, InterruptedException {
    PackageBuilder builder = builder(thread, "glob");
    List<String> found =
        new Glob(builder.packages(), builder.path(), builder.evaluation())
            .expand(arguments.strings("include"), arguments.strings("exclude"));
    if (found.isEmpty() && !arguments.bool("allow_empty")) {
      throw arguments.invalid(
          "include", "matches no file; say allow_empty=True where that is no mistake");
    }
    return StarlarkList.copyOf(thread.mutability(), found);
  }

  /// Source files are visible to all; naming them here is how to restrict that.
  private static Object exportsFiles(StarlarkThread thread, BoundArguments arguments)
      throws EvalError {
    PackageBuilder builder = builder(thread, "exports_files");
    List<String> entries = arguments.strings("visibility");
    builder.export(
        arguments.strings("srcs"), entries.isEmpty() ? Visibility.PUBLIC : parse(entries, builder));
    return None.NONE;
  }

  private static Object packageDefaults(StarlarkThread thread, BoundArguments arguments)
      throws EvalError {
    PackageBuilder builder = builder(thread, "package");
    List<String> entries = arguments.strings("default_visibility");
    if (!entries.isEmpty()) {
      var _ = parse(entries, builder);
      builder.defaultVisibility(entries);
    }
    return None.NONE;
  }

  private static Visibility parse(List<String> entries, PackageBuilder builder) throws EvalError {
    try {
      return Visibility.parse(entries, builder.path());
    } catch (UserException e) {
      throw new EvalError(e.getMessage() + e.hint().map(h -> " (" + h + ")").orElse(""), e);
    }
  }

  private static Object select(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    return Select.of(arguments.dict("conditions"), arguments.string("no_match_error"));
  }

  private static PackageBuilder builder(StarlarkThread thread, String function) throws EvalError {
    return thread
        .find(PackageBuilder.class)
        .orElseThrow(() ->
            new EvalError(
                function
                    + "() declares something in a package: call it from a BUILD file, or from a function that a BUILD file calls"));
  }
}
