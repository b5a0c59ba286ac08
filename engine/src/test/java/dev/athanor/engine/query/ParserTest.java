package dev.athanor.engine.query;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.query.Expression.Argument;
import dev.athanor.engine.query.Expression.Call;
import dev.athanor.engine.query.Expression.Chain;
import dev.athanor.engine.query.Expression.Operator;
import dev.athanor.engine.query.Expression.Pattern;
import dev.athanor.engine.query.Expression.Step;
import dev.athanor.engine.starlark.syntax.Source;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ParserTest {
  private static Expression parse(String text) {
    return Parser.parse(Source.of("query", text));
  }

  @Test
  void parse_chain_isOneNode() {
    Expression chain = parse("//a + //b ^ //c");

    assertThat(chain)
        .isEqualTo(
            new Chain(
                new Pattern("//a", 0),
                List.of(
                    new Step(Operator.UNION, new Pattern("//b", 6)),
                    new Step(Operator.INTERSECT, new Pattern("//c", 12)))));
  }

  @Test
  void parse_parentheses_nest() {
    Expression chain = parse("//a - (//b - //c)");

    Expression inner =
        new Chain(
            new Pattern("//b", 7), List.of(new Step(Operator.EXCEPT, new Pattern("//c", 13))));
    assertThat(chain)
        .isEqualTo(new Chain(new Pattern("//a", 0), List.of(new Step(Operator.EXCEPT, inner))));
  }

  @Test
  void parse_call_hasArgumentsOfTheKindsItWants() {
    Expression call = parse("attr(in, \"x y\", deps(//a, 2))");

    Expression deps =
        new Call(
            QueryFunction.DEPS,
            List.of(new Argument.Targets(new Pattern("//a", 21)), new Argument.Count(2)),
            16);
    assertThat(call)
        .isEqualTo(
            new Call(
                QueryFunction.ATTR,
                List.of(
                    new Argument.Word("in", 5),
                    new Argument.Word("x y", 9),
                    new Argument.Targets(deps)),
                0));
  }

  @Test
  void parse_labelsWithPunctuation_areWords() {
    for (String label :
        List.of("//a-b:c.d", ":python#slim", "//a/...", "//a:*", "@//a:b", "//a:x@1.0~rc1")) {
      assertThat(parse(label)).isEqualTo(new Pattern(label, 0));
    }
  }

  @Test
  void parse_manyTerms_doesNotNest() {
    Chain chain = (Chain) parse("//a" + " + //a".repeat(50_000));

    assertThat(chain.steps()).hasSize(50_000);
  }

  @Test
  void parse_deepNesting_isAnErrorAndNoCrash() {
    QueryException e = assertThrows(QueryException.class, () -> parse("(".repeat(100_000) + "//a"));

    assertThat(e).hasMessageThat().contains("query:1:201: the query is nested too deeply");
  }

  /// Whatever stands there, a query is read or refused in the same words as any other.
  @Test
  void parse_anyText_isReadOrRefused() {
    String[] parts = {
      "(", ")", ",", "+", "-", "^", "=", "let", "in", "set", "deps", "kind", "$x", "//a", "\"",
      "'b'", " ", "\n", "1", "x", "\u00e4", "\0", "*"
    };
    Random random = new Random(7);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(9); n >= 0; n--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      try {
        parse(text.toString());
        read++;
      } catch (QueryException e) {
        assertThat(e).hasMessageThat().startsWith("query:");
      }
    }
    assertThat(read).isGreaterThan(100);
  }

  @Test
  void join_patterns_addsAndTakesAway() {
    assertThat(Query.join(List.of("//a/...", ":b", "-//a/c"))).isEqualTo("//a/... + :b - //a/c");
  }

  @Test
  void join_pieces_becomesOneQuery() {
    assertThat(Query.join(List.of("//a", "+", "//b"))).isEqualTo("//a + //b");
    assertThat(Query.join(List.of("//a", "union", "//b"))).isEqualTo("//a union //b");
    assertThat(Query.join(List.of("deps(//a,", "1)", "-//b"))).isEqualTo("deps(//a, 1) -//b");
    assertThat(Query.join(List.of("//a"))).isEqualTo("//a");
  }
}
