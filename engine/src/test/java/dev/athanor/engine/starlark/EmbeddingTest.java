package dev.athanor.engine.starlark;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.starlark.eval.Module;
import dev.athanor.engine.starlark.eval.Program;
import dev.athanor.engine.starlark.eval.StarlarkFunction;
import dev.athanor.engine.starlark.syntax.Dialect;
import dev.athanor.engine.starlark.syntax.Expression.StringLiteral;
import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.starlark.syntax.SyntaxException;
import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Limits;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.StackFrame;
import dev.athanor.engine.starlark.value.StarlarkList;
import dev.athanor.engine.starlark.value.StarlarkThread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What a host does with the language.
final class EmbeddingTest {
  /// What a program declares.
  private static final class Targets {
    final List<String> declared = new ArrayList<>();
  }

  private static final Builtin DECLARE =
      Builtin.of(
          "declare",
          "name, *, deps=[], testonly=False, size=None, **attrs",
          (thread, args) -> {
            thread
                .require(Targets.class, "declare")
                .declared
                .add(
                    String.join(
                        " ",
                        args.string("name"),
                        args.strings("deps").toString(),
                        String.valueOf(args.bool("testonly")),
                        String.valueOf(args.has("size")),
                        args.kwargsMap().keySet().toString(),
                        thread.callStack().toString()));
            return None.NONE;
          });

  @Test
  void targets_knowTheChainOfCallsThatDeclaredThem() throws Exception {
    Module macros =
        run("macros.bzl", "def macro(name):\n    declare(name = name, deps = [\"d\"], x = 1)\n");
    Targets targets = new Targets();

    Program build =
        Program.compile(
            Source.of(
                "BUILD", "load(\"m\", \"macro\")\n\ndeclare(\"a\")\n[macro(n) for n in [\"b\"]]\n"),
            Dialect.BUILD,
            Set.of("declare"));
    try (StarlarkThread thread =
        StarlarkThread.builder()
            .loader((_, module) -> Objects.requireNonNull(Map.of("m", macros).get(module)))
            .with(Targets.class, targets)
            .build()) {
      build.run(thread, Map.of("declare", DECLARE));
    }

    assertThat(build.loads().stream().map(StringLiteral::value)).containsExactly("m");
    assertThat(targets.declared)
        .containsExactly(
            "a [] false false [] [<toplevel> (BUILD:3:1)]",
            "b [d] false false [x] [<toplevel> (BUILD:4:2), macro (macros.bzl:2:5)]")
        .inOrder();
  }

  @Test
  void hostFunctions_failOutsideTheirContext() {
    EvalError e = assertThrows(EvalError.class, () -> run("x.bzl", "declare(\"a\")"));

    assertThat(e.message()).isEqualTo("'declare' cannot be used here");
  }

  @Test
  void arguments_areCheckedByType() {
    assertFails("declare()", "declare() misses argument 'name'");
    assertFails("declare(1)", "declare() parameter 'name' must be of type 'string', not 'int'");
    assertFails(
        "declare(\"a\", deps = \"b\")",
        "declare() parameter 'deps' must be of type 'list', not 'string'");
    assertFails(
        "declare(\"a\", deps = [1])",
        "declare() parameter 'deps' must hold only values of type 'string', not 'int'");
    assertFails(
        "declare(\"a\", testonly = 1)",
        "declare() parameter 'testonly' must be of type 'bool', not 'int'");
    assertFails("declare(\"a\", \"b\")", "declare() takes at most 1 positional argument, got 2");
  }

  @Test
  void functions_areCalledFromTheHost() throws Exception {
    Module module = run("x.bzl", "def f(a, b = 2, *, c = 3):\n    return [a, b, c]\n");
    StarlarkFunction function = (StarlarkFunction) Objects.requireNonNull(module.get("f"));

    try (StarlarkThread thread = StarlarkThread.create()) {
      Object result = thread.call(function, List.of(1L), Map.of("c", "x"));

      assertThat(result).isEqualTo(StarlarkList.immutable(List.of(1L, 2L, "x")));
      EvalError e =
          assertThrows(EvalError.class, () -> thread.call(function, List.of(), Map.of("d", 1L)));
      assertThat(e.message()).isEqualTo("f() has no parameter 'd' (did you mean 'a'?)");
      assertThrows(EvalError.class, () -> thread.call("f", List.of(), Map.of()));
    }
    assertThat(function.name()).isEqualTo("f");
  }

  @Test
  void module_givesItsGlobals_butExportsOnlyPublicOnes() throws Exception {
    Module module = run("x.bzl", "b = 1\n_p = 2\na = \"x\"\n");

    assertThat(module.globals()).containsExactly("b", 1L, "_p", 2L, "a", "x").inOrder();
    assertThat(module.names()).containsExactly("b", "a").inOrder();
    assertThat(module.get("_p")).isNull();
    assertThat(module.get("missing")).isNull();
  }

  @Test
  void closing_freezesWhatTheThreadMade() throws Exception {
    Module module = run("x.bzl", "a = [1]\n");
    StarlarkList list = (StarlarkList) Objects.requireNonNull(module.get("a"));

    assertThat(list.isImmutable()).isTrue();
    assertThrows(EvalError.class, () -> list.add(2L));
  }

  @Test
  void errors_tellWhereAndHow() {
    EvalError e =
        assertThrows(
            EvalError.class,
            () -> run("x.bzl", "def f(x):\n    return 1 // x\n\ndef g():\n    f(0)\n\ng()\n"));

    assertThat(e.format())
        .isEqualTo(
            """
            x.bzl:2:14: division by zero
                    return 1 // x
                             ^
              at f (x.bzl:2:14)
              at g (x.bzl:5:5)
              at <toplevel> (x.bzl:7:1)\
            """);
    assertThat(e.callStack().stream().map(StackFrame::function))
        .containsExactly("<toplevel>", "g", "f")
        .inOrder();
    assertThat(e.location().orElseThrow().line()).isEqualTo(2);
  }

  @Test
  void print_goesToTheHost_withItsPlace() throws Exception {
    List<String> printed = new ArrayList<>();
    Program program =
        Program.compile(Source.of("x", "print(\"a\", 1)\nprint()\n"), Dialect.BUILD, Set.of());

    try (StarlarkThread thread =
        StarlarkThread.builder()
            .printHandler(
                (t, message) -> printed.add(t.callerLocation().orElseThrow() + " " + message))
            .build()) {
      program.run(thread, Map.of());
    }

    assertThat(printed).containsExactly("x:1:1 a 1", "x:2:1 ").inOrder();
  }

  @Test
  void programs_runManyTimes_independently() throws Exception {
    Program program = Program.compile(Source.of("x", "a = [n]\n"), Dialect.BUILD, Set.of("n"));

    Module one;
    Module two;
    try (StarlarkThread thread = StarlarkThread.create()) {
      one = program.run(thread, Map.of("n", 1L));
      two = program.run(thread, Map.of("n", 2L));
    }

    assertThat(String.valueOf(one.get("a"))).isEqualTo("[1]");
    assertThat(String.valueOf(two.get("a"))).isEqualTo("[2]");
  }

  @Test
  void interrupt_stopsTheEvaluation() throws Exception {
    Program program =
        Program.compile(
            Source.of("x", "[1 for _ in range(1000000) for _ in range(1000000)]"),
            Dialect.BUILD,
            Set.of());
    StarlarkThread thread =
        StarlarkThread.builder().limits(new Limits(Long.MAX_VALUE, 10, Long.MAX_VALUE)).build();

    Thread.currentThread().interrupt();

    assertThrows(InterruptedException.class, () -> program.run(thread, Map.of()));
  }

  @Test
  void steps_areTheSameEveryTime() throws Exception {
    String text = "x = [i * i for i in range(1000) if i % 2]\ny = sorted(x, key = lambda i: -i)\n";

    assertThat(steps(text)).isEqualTo(steps(text));
    assertThat(steps(text)).isGreaterThan(1000);
  }

  private static long steps(String text) throws Exception {
    Program program = Program.compile(Source.of("x", text), Dialect.BZL, Set.of());
    try (StarlarkThread thread = StarlarkThread.create()) {
      program.run(thread, Map.of());
      return thread.steps();
    }
  }

  private static void assertFails(String text, String message) {
    EvalError e =
        assertThrows(
            EvalError.class,
            () -> {
              Program program =
                  Program.compile(Source.of("x", text), Dialect.BUILD, Set.of("declare"));
              try (StarlarkThread thread =
                  StarlarkThread.builder().with(Targets.class, new Targets()).build()) {
                program.run(thread, Map.of("declare", DECLARE));
              }
            });
    assertThat(e.message()).isEqualTo(message);
  }

  private static Module run(String file, String text)
      throws SyntaxException, EvalError, InterruptedException {
    Map<String, Object> predeclared = Map.of("declare", DECLARE);
    Program program = Program.compile(Source.of(file, text), Dialect.BZL, predeclared.keySet());
    try (StarlarkThread thread = StarlarkThread.create()) {
      return program.run(thread, predeclared);
    }
  }
}
