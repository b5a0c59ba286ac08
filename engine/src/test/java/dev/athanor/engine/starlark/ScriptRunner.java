package dev.athanor.engine.starlark;

import dev.athanor.engine.starlark.eval.Module;
import dev.athanor.engine.starlark.eval.Program;
import dev.athanor.engine.starlark.lib.Struct;
import dev.athanor.engine.starlark.syntax.Dialect;
import dev.athanor.engine.starlark.syntax.Location;
import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.starlark.syntax.SyntaxException;
import dev.athanor.engine.starlark.value.Arguments;
import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.Equality;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Exports;
import dev.athanor.engine.starlark.value.Limits;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkThread;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// A small host that runs test programs.
///
/// The first line may say `# option: build` (or `bzl`, `recursion`, `tight`) to choose the dialect
/// and the limits.
final class ScriptRunner {
  /// What a program did wrong, and where.
  record Failure(int line, String message, String detail) {
    static Failure of(@Nullable Location location, String message, String detail) {
      return new Failure(location == null ? 0 : location.line(), message, detail);
    }
  }

  static final Map<String, Object> PREDECLARED = predeclared();

  private ScriptRunner() {}

  static List<Failure> run(String file, String text) {
    try {
      execute(file, text);
      return List.of();
    } catch (SyntaxException e) {
      return e.errors().stream()
          .map(error -> Failure.of(error.location(), error.message(), error.format()))
          .toList();
    } catch (EvalError e) {
      return List.of(Failure.of(e.location().orElse(null), e.message(), e.format()));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static Module execute(String file, String text)
      throws SyntaxException, EvalError, InterruptedException {
    Program program = Program.compile(Source.of(file, text), dialect(text), PREDECLARED.keySet());
    try (StarlarkThread thread = thread(text)) {
      return program.run(thread, PREDECLARED);
    }
  }

  private static boolean option(String text, String name) {
    return text.contains("# option: " + name);
  }

  private static Dialect dialect(String text) {
    if (option(text, "build")) {
      return Dialect.BUILD;
    }
    return option(text, "bzl") ? Dialect.BZL : Dialect.SCRIPT;
  }

  private static StarlarkThread thread(String text) {
    StarlarkThread.Builder builder = StarlarkThread.builder().loader(ScriptRunner::load);
    if (option(text, "recursion")) {
      builder.allowRecursion();
    }
    if (option(text, "tight")) {
      builder.limits(new Limits(10_000, 20, 1_000_000));
    }
    return builder.build();
  }

  /// The modules that the scripts load.
  static Exports load(StarlarkThread thread, String module) throws EvalError, InterruptedException {
    if (!module.equals("lib.star")) {
      throw new EvalError("there is no module '" + module + "'");
    }
    try {
      return execute(
          module,
          """
          mutable = [1, 2]
          mapping = {"a": 1}
          elements = set([1])
          _private = 1
          def add(x, y = 1):
              return x + y
          def remember(x, seen = []):
              seen.append(x)
              return seen
          def make():
              return []
          """);
    } catch (SyntaxException e) {
      throw new EvalError(e.format());
    }
  }

  private static Map<String, Object> predeclared() {
    Map<String, Object> values = new TreeMap<>();
    values.put("struct", Struct.CONSTRUCTOR);
    values.put("assert_eq", Builtin.of("assert_eq", "x, y", (_, a) -> assertEqual(a)));
    values.put("assert_ne", Builtin.of("assert_ne", "x, y", (_, a) -> assertUnequal(a)));
    values.put("assert_", Builtin.of("assert_", "condition, message='failed'", (_, a) -> check(a)));
    values.put("assert_fails", Builtin.of("assert_fails", "f, pattern", ScriptRunner::fails));
    values.put("caller", Builtin.of("caller", "", (thread, _) -> stack(thread)));
    return Map.copyOf(values);
  }

  private static Object assertEqual(BoundArguments arguments) throws EvalError {
    Object x = arguments.get("x");
    Object y = arguments.get("y");
    if (!Equality.equal(x, y)) {
      throw new EvalError(Starlark.repr(x) + " is not equal to " + Starlark.repr(y));
    }
    if (!Starlark.type(x).equals(Starlark.type(y))) {
      throw new EvalError(Starlark.repr(x) + " and " + Starlark.repr(y) + " differ in type");
    }
    return None.NONE;
  }

  private static Object assertUnequal(BoundArguments arguments) throws EvalError {
    if (Equality.equal(arguments.get("x"), arguments.get("y"))) {
      throw new EvalError(Starlark.repr(arguments.get("x")) + " equals the other");
    }
    return None.NONE;
  }

  private static Object check(BoundArguments arguments) throws EvalError {
    if (!Starlark.truth(arguments.get("condition"))) {
      throw new EvalError(Starlark.str(arguments.get("message")));
    }
    return None.NONE;
  }

  private static Object fails(StarlarkThread thread, BoundArguments arguments)
      throws EvalError, InterruptedException {
    String pattern = arguments.string("pattern");
    Object result;
    try {
      result = thread.call(arguments.get("f"), Arguments.positional());
    } catch (EvalError e) {
      if (!matches(pattern, e.message())) {
        throw new EvalError("message '" + e.message() + "' does not match '" + pattern + "'");
      }
      return None.NONE;
    }
    throw new EvalError("no error, but " + Starlark.repr(result));
  }

  private static boolean matches(String pattern, String message) throws EvalError {
    try {
      return Pattern.compile(pattern).matcher(message).find();
    } catch (PatternSyntaxException e) {
      throw new EvalError("bad pattern: " + e.getDescription());
    }
  }

  private static Object stack(StarlarkThread thread) {
    StringBuilder out = new StringBuilder();
    for (var frame : thread.callStack()) {
      out.append(out.isEmpty() ? "" : " > ").append(frame.function());
      out.append(':').append(frame.location().column());
    }
    return out.toString();
  }
}
