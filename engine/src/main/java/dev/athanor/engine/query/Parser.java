package dev.athanor.engine.query;

import dev.athanor.engine.query.Expression.Argument;
import dev.athanor.engine.query.Expression.Operator;
import dev.athanor.engine.query.Token.Kind;
import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.starlark.syntax.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads a query:
///
/// ```
/// chain   = operand { operator operand }
/// operand = word | $name | ( chain ) | let name = chain in chain | set( {word} )
///         | function( argument {, argument} )
/// ```
final class Parser {
  /// Deeper than anybody writes, and far from the end of the stack.
  private static final int MAX_DEPTH = 200;

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final Source source;
  private final List<Token> tokens;
  private int at;
  private int depth;

  private Parser(Source source) {
    this.source = source;
    this.tokens = Lexer.tokens(source);
  }

  /// @throws QueryException at the first mistake
  static Expression parse(Source source) {
    Parser parser = new Parser(source);
    Expression expression = parser.chain();
    parser.expectEnd();
    return expression;
  }

  private void expectEnd() {
    Token next = peek();
    if (next.kind() == Kind.RIGHT) {
      throw error(next, "this ')' closes nothing", "");
    }
    if (next.kind() != Kind.END) {
      throw error(
          next,
          "expected an operator or the end of the query, found " + next,
          next.isWord() ? "join two sets with '+', '^' or '-'" : "");
    }
  }

  private Expression chain() {
    if (++depth > MAX_DEPTH) {
      throw error(peek(), "the query is nested too deeply", "name parts of it with let");
    }
    Expression first = operand();
    List<Expression.Step> steps = new ArrayList<>();
    for (Operator operator = operator(); operator != null; operator = operator()) {
      at++;
      steps.add(new Expression.Step(operator, operand()));
    }
    depth--;
    return steps.isEmpty() ? first : new Expression.Chain(first, steps);
  }

  private @Nullable Operator operator() {
    return switch (peek().kind()) {
      case UNION -> Operator.UNION;
      case INTERSECT -> Operator.INTERSECT;
      case EXCEPT -> Operator.EXCEPT;
      case WORD, QUOTED, LET, IN, SET, LEFT, RIGHT, COMMA, EQUALS, END -> null;
    };
  }

  private Expression operand() {
    Token token = next();
    return switch (token.kind()) {
      case WORD -> peek().kind() == Kind.LEFT ? call(token) : word(token);
      case QUOTED -> new Expression.Pattern(token.text(), token.position());
      case LEFT -> {
        Expression inner = chain();
        closing(token);
        yield inner;
      }
      case LET -> let(token);
      case SET -> set(token);
      case EXCEPT ->
          throw error(
              token,
              "expected targets before '-'",
              "say what to take them from: //... " + "-" + peek().text());
      case IN, UNION, INTERSECT, RIGHT, COMMA, EQUALS, END ->
          throw error(
              token,
              "expected targets, found " + token,
              Lexer.isKeyword(token.text()) ? "put it in quotes if it is a name" : "");
    };
  }

  private Expression word(Token token) {
    if (!token.text().startsWith("$")) {
      return new Expression.Pattern(token.text(), token.position());
    }
    return new Expression.Variable(name(token, token.text().substring(1)), token.position());
  }

  private Expression let(Token let) {
    Token token = expect(Kind.WORD, "a name");
    String name = name(token, token.text());
    expect(Kind.EQUALS, "'='");
    Expression value = chain();
    expect(Kind.IN, "an operator or 'in'");
    return new Expression.Let(name, value, chain(), let.position());
  }

  private String name(Token token, String name) {
    if (!NAME.matcher(name).matches()) {
      throw error(
          token,
          "'" + name + "' is not a name for a variable",
          "let x = ... in ... binds it, $x uses it; letters, digits and '_'");
    }
    return name;
  }

  private Expression set(Token set) {
    Token left = expect(Kind.LEFT, "'('");
    List<Expression.Pattern> patterns = new ArrayList<>();
    while (peek().isWord()) {
      Token word = next();
      patterns.add(new Expression.Pattern(word.text(), word.position()));
    }
    if (peek().kind() == Kind.COMMA) {
      throw error(peek(), "expected a label or ')', found ','", "set(a b) has no commas");
    }
    closing(left);
    return new Expression.Words(patterns, set.position());
  }

  private Expression call(Token name) {
    QueryFunction function = QueryFunction.find(name.text()).orElseThrow(() -> unknown(name));
    Token left = next();
    List<Argument> arguments = new ArrayList<>();
    for (QueryFunction.Parameter parameter : function.parameters()) {
      if (arguments.size() >= function.required() && peek().kind() != Kind.COMMA) {
        break;
      }
      if (!arguments.isEmpty()) {
        comma(function);
      }
      arguments.add(argument(function, parameter));
    }
    if (peek().kind() == Kind.COMMA) {
      throw error(peek(), "expected ')': there are no more arguments", usage(function));
    }
    closing(left);
    return new Expression.Call(function, arguments, name.position());
  }

  private void comma(QueryFunction function) {
    if (peek().kind() != Kind.COMMA) {
      throw error(peek(), "expected ',' or an operator, found " + peek(), usage(function));
    }
    at++;
  }

  private Argument argument(QueryFunction function, QueryFunction.Parameter parameter) {
    Token token = peek();
    if (token.kind() == Kind.RIGHT) {
      throw error(token, "an argument is missing", usage(function));
    }
    return switch (parameter) {
      case TARGETS -> new Argument.Targets(chain());
      case WORD -> {
        // What is a keyword elsewhere is a word here: attr(in, ...).
        if (!token.isWord() && !Lexer.isKeyword(token.text())) {
          throw error(
              token,
              "expected a word, found " + token,
              "put a pattern that begins with '" + token.text() + "' in quotes");
        }
        at++;
        yield new Argument.Word(token.text(), token.position());
      }
      case COUNT -> new Argument.Count(count(function, next()));
    };
  }

  private int count(QueryFunction function, Token token) {
    try {
      int count = token.kind() == Kind.WORD ? Integer.parseInt(token.text()) : -1;
      if (count >= 0) {
        return count;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw error(token, "expected a number, found " + token, usage(function));
  }

  private QueryException unknown(Token name) {
    String near = Spelling.suggest(name.text(), QueryFunction.names());
    return error(
        name,
        "there is no function '" + name.text() + "'",
        near == null
            ? "there are " + String.join(", ", QueryFunction.names())
            : "did you mean " + near + "?");
  }

  private static String usage(QueryFunction function) {
    return "usage: " + function.signature();
  }

  private void closing(Token left) {
    if (peek().kind() != Kind.RIGHT) {
      throw error(
          peek(),
          "expected ')' or an operator, found " + peek(),
          "the '(' at column " + source.location(left.position()).column() + " is open");
    }
    at++;
  }

  private Token expect(Kind kind, String what) {
    Token token = next();
    if (token.kind() != kind) {
      throw error(token, "expected " + what + ", found " + token, "");
    }
    return token;
  }

  private Token peek() {
    return tokens.get(at);
  }

  /// The end stays the next token for ever.
  private Token next() {
    Token token = tokens.get(at);
    if (token.kind() != Kind.END) {
      at++;
    }
    return token;
  }

  private QueryException error(Token token, String message, String hint) {
    return new QueryException(source, token.position(), message, hint);
  }
}
