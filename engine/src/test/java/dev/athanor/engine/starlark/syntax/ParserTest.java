package dev.athanor.engine.starlark.syntax;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.starlark.syntax.Expression.Binary;
import dev.athanor.engine.starlark.syntax.Expression.Call;
import dev.athanor.engine.starlark.syntax.Expression.Dot;
import dev.athanor.engine.starlark.syntax.Expression.Index;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ParserTest {
  @Test
  void positions_pointAtWhatFails() {
    String text = "x = aa + bb.cc(dd)[ee]";

    var assign = (Statement.Assign) parse(text).statements().getFirst();
    var binary = (Binary) assign.value();
    var index = (Index) binary.right();
    var call = (Call) index.object();
    var dot = (Dot) call.function();

    assertThat(column(text, assign.position())).isEqualTo("= aa");
    assertThat(column(text, binary.position())).isEqualTo("+ bb");
    assertThat(column(text, binary.start())).isEqualTo("aa +");
    assertThat(column(text, index.position())).isEqualTo("[ee]");
    assertThat(column(text, call.position())).isEqualTo("bb.c");
    assertThat(column(text, dot.position())).isEqualTo("cc(d");
  }

  @Test
  void locations_countLinesAndColumnsFromOne() {
    Source source = Source.of("dir/BUILD", "a\n  bc\n\nd");

    assertThat(source.location(0).toString()).isEqualTo("dir/BUILD:1:1");
    assertThat(source.location(5).toString()).isEqualTo("dir/BUILD:2:4");
    assertThat(source.location(8).toString()).isEqualTo("dir/BUILD:4:1");
    assertThat(source.line(2)).isEqualTo("  bc");
    assertThat(source.line(4)).isEqualTo("d");
    assertThat(source.line(9)).isEmpty();
  }

  @Test
  void errors_areAllReported_inOrder() {
    ParsedFile file =
        parse(
            """
            a = = 1
            def f(x, x):
                b = )
                return 1
            c = "unclosed
            d = [1 2]
            e = 3
            """);

    assertThat(file.errors().stream().map(SyntaxError::toString))
        .containsExactly(
            "x.bzl:1:5: expected an expression, found '='",
            "x.bzl:2:10: parameter 'x' is declared twice",
            "x.bzl:5:5: this string is never closed",
            "x.bzl:6:8: expected ',' or ']', found a number")
        .inOrder();
    assertThat(file.statements()).hasSize(2);
  }

  @Test
  void errors_inABlock_leaveTheRestOfIt() {
    ParsedFile file =
        parse(
            """
            def f():
                a = )
                b = 1
                c = (
                d = 2
            e = ]
            """);

    assertThat(file.errors().stream().map(error -> error.location().line()))
        .containsExactly(2, 4, 6)
        .inOrder();
    var def = (Statement.Def) file.statements().getFirst();
    assertThat(def.body()).hasSize(2);
  }

  @Test
  void error_showsTheLineWithACaret() {
    SyntaxError error = parse("\tx = (1,, 2)\n").errors().getLast();

    assertThat(parse("x = (1,, 2)\n").errors().getFirst().format())
        .isEqualTo("x.bzl:1:8: expected an expression, found ','\n    x = (1,, 2)\n           ^");
    assertThat(error.format()).contains("\n    \tx = (1,, 2)\n    ");
  }

  @Test
  void loads_areListedInOrder() {
    ParsedFile file = parse("load(\"b\", \"x\")\nload(\"a\", y = \"z\")\n");

    assertThat(file.errors()).isEmpty();
    assertThat(file.loads().stream().map(Expression.StringLiteral::value))
        .containsExactly("b", "a")
        .inOrder();
  }

  @Test
  void loads_areADialectOption() {
    String text = "\"doc\"\nload(\"a\", \"x\")\ny = 1\nload(\"b\", \"z\")\n";

    assertThat(parse(text).errors()).isEmpty();
    assertThat(
            Parser.parse(Source.of("x", text), Dialect.BZL.withLoads(false)).errors().stream()
                .map(error -> error.location().line()))
        .containsExactly(2, 4);
  }

  @Test
  void brokenLiterals_areReportedOncePerLine() {
    assertThat(parse("x = \"\\q\" + \"\\w\"\ny = 0z1\n").errors()).hasSize(2);
  }

  private static ParsedFile parse(String text) {
    return Parser.parse(Source.of("x.bzl", text), Dialect.BZL);
  }

  private static String column(String text, int offset) {
    return text.substring(offset, offset + 4);
  }

  @Test
  void statements_areASyntaxTree() {
    List<Statement> statements = parse("def f(a, *, b = 1, **c):\n    return a\n").statements();

    var def = (Statement.Def) statements.getFirst();
    assertThat(def.name().name()).isEqualTo("f");
    assertThat(def.parameters().stream().map(parameter -> parameter.getClass().getSimpleName()))
        .containsExactly("Mandatory", "Star", "Optional", "StarStar")
        .inOrder();
    assertThat(def.body().getFirst()).isInstanceOf(Statement.Return.class);
  }
}
