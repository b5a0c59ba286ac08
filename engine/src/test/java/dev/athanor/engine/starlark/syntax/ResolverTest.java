package dev.athanor.engine.starlark.syntax;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.starlark.syntax.Binding.Scope;
import dev.athanor.engine.starlark.syntax.ResolvedFile.Global;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ResolverTest {
  @Test
  void globals_knowWhetherTheyAreExported() throws SyntaxException {
    ResolvedFile file = resolve("load(\"m\", \"a\", c = \"b\")\nd = a\ndef e(): pass\n");

    assertThat(file.globals())
        .containsExactly(
            new Global("a", false),
            new Global("c", false),
            new Global("d", true),
            new Global("e", true))
        .inOrder();
  }

  @Test
  void parameters_takeTheFirstSlots_starsLast() throws SyntaxException {
    ResolvedFile file = resolve("def f(a, *args, b = 1, **kwargs):\n    c = 1\n");

    assertThat(file.function(0).slots().stream().map(Binding::name))
        .containsExactly("a", "b", "args", "kwargs", "c")
        .inOrder();
  }

  @Test
  void capturedVariables_becomeCells() throws SyntaxException {
    ResolvedFile file =
        resolve("def f(a, b):\n    def g():\n        return lambda: a\n    return b\n");

    assertThat(file.function(0).slots().stream().map(Binding::scope))
        .containsExactly(Scope.CELL, Scope.LOCAL, Scope.LOCAL)
        .inOrder();
    assertThat(file.function(1).captured()).containsExactly(file.function(0).slots().getFirst());
    assertThat(file.function(2).captured().getFirst().scope()).isEqualTo(Scope.FREE);
  }

  @Test
  void comprehensionVariables_outsideFunctionsLiveInTheFrame() throws SyntaxException {
    ResolvedFile file = resolve("x = [y for y in []]\n");

    assertThat(file.topLevel().slots().stream().map(Binding::name)).containsExactly("y");
    assertThat(file.globals()).containsExactly(new Global("x", true));
  }

  @Test
  void undefinedNames_areReportedTogether_withHints() {
    SyntaxException e =
        assertThrows(
            SyntaxException.class,
            () -> resolve("x = prnt(1)\ndef f(count):\n    return cuont + zzz + zzz\n"));

    assertThat(e.errors().stream().map(SyntaxError::toString))
        .containsExactly(
            "x:1:5: name 'prnt' is not defined (did you mean 'print'?)",
            "x:3:12: name 'cuont' is not defined (did you mean 'count'?)",
            "x:3:20: name 'zzz' is not defined")
        .inOrder();
  }

  @Test
  void filesWithSyntaxErrors_areNotResolved() {
    SyntaxException e =
        assertThrows(SyntaxException.class, () -> resolve("x = )\ny = undefined\n"));

    assertThat(e.errors()).hasSize(1);
    assertThat(e.format()).contains("x = )\n        ^");
  }

  @Test
  void manyUndefinedNames_takeNoTime() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      text.append("assigned").append(i).append(" = undefined").append(i).append('\n');
    }

    SyntaxException e = assertThrows(SyntaxException.class, () -> resolve(text.toString()));

    assertThat(e.errors()).hasSize(5000);
  }

  private static ResolvedFile resolve(String text) throws SyntaxException {
    return Resolver.resolve(
        Parser.parse(Source.of("x", text), Dialect.BZL), Set.of("print", "None"));
  }
}
