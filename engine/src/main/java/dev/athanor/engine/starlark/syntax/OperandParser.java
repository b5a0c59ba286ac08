package dev.athanor.engine.starlark.syntax;

import static dev.athanor.engine.starlark.syntax.Token.COLON;
import static dev.athanor.engine.starlark.syntax.Token.COMMA;
import static dev.athanor.engine.starlark.syntax.Token.FOR;
import static dev.athanor.engine.starlark.syntax.Token.IDENTIFIER;
import static dev.athanor.engine.starlark.syntax.Token.IF;
import static dev.athanor.engine.starlark.syntax.Token.IN;
import static dev.athanor.engine.starlark.syntax.Token.RIGHT_BRACE;
import static dev.athanor.engine.starlark.syntax.Token.RIGHT_BRACKET;
import static dev.athanor.engine.starlark.syntax.Token.RIGHT_PAREN;

import dev.athanor.engine.starlark.syntax.Expression.Clause;
import dev.athanor.engine.starlark.syntax.Expression.Entry;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Reads operands: names, literals, and whatever stands in brackets.
final class OperandParser {
  private final Tokens in;
  private final Lexer lexer;
  private final ExpressionParser expressions;

  OperandParser(Tokens in, ExpressionParser expressions) {
    this.in = in;
    this.lexer = in.lexer;
    this.expressions = expressions;
  }

  Expression operand() throws ParseFailure {
    int position = lexer.start;
    Object value = lexer.value;
    return switch (lexer.token) {
      case IDENTIFIER -> in.identifier("an expression");
      case INT -> advance(new Expression.IntLiteral((BigInteger) value, position));
      case FLOAT -> advance(new Expression.FloatLiteral((Double) value, position));
      case STRING -> string((String) value, position);
      case BYTES -> advance(new Expression.BytesLiteral((String) value, position));
      case LEFT_PAREN -> parenthesized();
      case LEFT_BRACKET -> listOrComprehension();
      case LEFT_BRACE -> dictOrComprehension();
      case RESERVED -> throw in.fail(reserved((String) value));
      case LOAD -> throw in.fail("load is a statement and has no value");
      default -> throw in.fail("expected an expression" + in.found());
    };
  }

  private static String reserved(String word) {
    return switch (word) {
      case "while" -> "there is no 'while' in Starlark; use 'for ... in range(...)'";
      case "import", "from" -> "there is no '" + word + "' in Starlark; use load(...)";
      case "class" -> "there are no classes in Starlark; use struct(...)";
      case "is" -> "there is no 'is' in Starlark; use '=='";
      case "raise", "assert" -> "there is no '" + word + "' in Starlark; use fail(...)";
      case "try", "except", "finally" -> "errors cannot be caught in Starlark";
      default -> "'" + word + "' has no meaning in Starlark";
    };
  }

  private Expression advance(Expression result) {
    lexer.next();
    return result;
  }

  private Expression string(String value, int position) throws ParseFailure {
    lexer.next();
    if (lexer.token == Token.STRING) {
      throw in.fail("adjacent strings are not joined; write '+' between them, or a comma");
    }
    return new Expression.StringLiteral(value, position);
  }

  private Expression parenthesized() throws ParseFailure {
    int position = lexer.start;
    lexer.next();
    if (lexer.token == RIGHT_PAREN) {
      lexer.next();
      return new Expression.TupleDisplay(List.of(), position);
    }
    Expression first = expressions.test();
    if (lexer.token != COMMA) {
      in.close(RIGHT_PAREN, position);
      return first;
    }
    List<Expression> elements = new ArrayList<>();
    elements.add(first);
    while (lexer.token == COMMA) {
      lexer.next();
      if (lexer.token == RIGHT_PAREN) {
        break;
      }
      elements.add(expressions.test());
    }
    in.close(RIGHT_PAREN, position);
    return new Expression.TupleDisplay(List.copyOf(elements), position);
  }

  private Expression listOrComprehension() throws ParseFailure {
    int position = lexer.start;
    lexer.next();
    List<Expression> elements = new ArrayList<>();
    while (lexer.token != RIGHT_BRACKET) {
      elements.add(expressions.test());
      if (lexer.token == FOR && elements.size() == 1) {
        List<Clause> clauses = clauses();
        in.close(RIGHT_BRACKET, position);
        return new Expression.Comprehension(null, elements.getFirst(), clauses, position);
      }
      if (lexer.token != COMMA) {
        break;
      }
      lexer.next();
    }
    in.close(RIGHT_BRACKET, position);
    return new Expression.ListDisplay(List.copyOf(elements), position);
  }

  private Expression dictOrComprehension() throws ParseFailure {
    int position = lexer.start;
    lexer.next();
    List<Entry> entries = new ArrayList<>();
    while (lexer.token != RIGHT_BRACE) {
      Expression key = expressions.test();
      int colon = lexer.start;
      if (lexer.token != COLON) {
        throw in.fail("expected ':' between a key and its value" + in.found());
      }
      lexer.next();
      Expression value = expressions.test();
      if (lexer.token == FOR && entries.isEmpty()) {
        List<Clause> clauses = clauses();
        in.close(RIGHT_BRACE, position);
        return new Expression.Comprehension(key, value, clauses, position);
      }
      entries.add(new Entry(key, value, colon));
      if (lexer.token != COMMA) {
        break;
      }
      lexer.next();
    }
    in.close(RIGHT_BRACE, position);
    return new Expression.DictDisplay(List.copyOf(entries), position);
  }

  private List<Clause> clauses() throws ParseFailure {
    List<Clause> clauses = new ArrayList<>();
    while (lexer.token == FOR || lexer.token == IF) {
      int position = lexer.start;
      boolean isFor = lexer.token == FOR;
      lexer.next();
      if (isFor) {
        Expression target = expressions.loopVariables();
        in.expect(IN);
        clauses.add(new Clause.For(target, expressions.binary(0), position));
      } else {
        clauses.add(new Clause.If(expressions.testWithoutConditional(), position));
      }
      in.enter();
    }
    in.leave(clauses.size());
    return List.copyOf(clauses);
  }
}
