package dev.athanor.engine.starlark.syntax;

import static dev.athanor.engine.starlark.syntax.Token.COLON;
import static dev.athanor.engine.starlark.syntax.Token.COMMA;
import static dev.athanor.engine.starlark.syntax.Token.EQUALS;
import static dev.athanor.engine.starlark.syntax.Token.IF;
import static dev.athanor.engine.starlark.syntax.Token.IN;
import static dev.athanor.engine.starlark.syntax.Token.RIGHT_BRACKET;

import dev.athanor.engine.starlark.syntax.Expression.Identifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads expressions by precedence climbing.
final class ExpressionParser {
  private final Tokens in;
  private final Lexer lexer;
  private final OperandParser operands;
  private final SignatureParser signatures;

  ExpressionParser(Tokens in) {
    this.in = in;
    this.lexer = in.lexer;
    this.operands = new OperandParser(in, this);
    this.signatures = new SignatureParser(in, this);
  }

  SignatureParser signatures() {
    return signatures;
  }

  /// One expression, or a tuple without parentheses.
  Expression list() throws ParseFailure {
    int position = lexer.start;
    Expression first = test();
    if (lexer.token != COMMA) {
      return first;
    }
    List<Expression> elements = new ArrayList<>();
    elements.add(first);
    while (lexer.token == COMMA) {
      lexer.next();
      if (lexer.token == Token.NEWLINE || lexer.token == EQUALS || lexer.token == COLON) {
        throw in.fail("a tuple that ends in a comma needs parentheses");
      }
      elements.add(test());
    }
    return new Expression.TupleDisplay(List.copyOf(elements), position);
  }

  /// One expression: a conditional, a lambda or an operation.
  Expression test() throws ParseFailure {
    in.enter();
    Expression result = lexer.token == Token.LAMBDA ? lambda(true) : conditional();
    in.leave();
    return result;
  }

  private Expression conditional() throws ParseFailure {
    Expression then = binary(0);
    if (lexer.token != IF) {
      return then;
    }
    int position = lexer.start;
    lexer.next();
    Expression condition = binary(0);
    if (lexer.token != Token.ELSE) {
      throw in.fail(
          "expected 'else': a conditional expression is 'a if condition else b'" + in.found());
    }
    lexer.next();
    return new Expression.Conditional(condition, then, test(), position);
  }

  /// The condition of a comprehension, which is no conditional expression without parentheses.
  Expression testWithoutConditional() throws ParseFailure {
    in.enter();
    Expression result = lexer.token == Token.LAMBDA ? lambda(false) : binary(0);
    in.leave();
    return result;
  }

  private Expression lambda(boolean conditional) throws ParseFailure {
    int position = lexer.start;
    if (!in.dialect.functions()) {
      throw in.fail(
          "functions cannot be defined in this file; put them in a .bzl file and load them");
    }
    lexer.next();
    List<Parameter> parameters = signatures.parameters(COLON);
    in.expect(COLON);
    int id = in.newFunction();
    Expression body = conditional ? test() : testWithoutConditional();
    return new Expression.Lambda(parameters, body, id, position);
  }

  /// An operation of operators that bind at least so tightly.
  Expression binary(int minimum) throws ParseFailure {
    Expression left =
        lexer.token == Token.NOT && minimum <= BinaryOperator.NOT_PRECEDENCE ? not() : unary();
    boolean compared = false;
    while (true) {
      BinaryOperator operator = operator(lexer.token);
      if (operator == null || operator.precedence < minimum) {
        return left;
      }
      int position = lexer.start;
      if (operator.isComparison() && compared) {
        throw in.fail("comparisons cannot be chained; combine them with 'and'");
      }
      lexer.next();
      if (operator == BinaryOperator.NOT_IN) {
        if (lexer.token != IN) {
          throw in.fail("expected 'in' after 'not'" + in.found());
        }
        lexer.next();
      }
      in.enter();
      Expression right = binary(operator.precedence + 1);
      in.leave();
      left = new Expression.Binary(operator, left, right, position);
      compared = operator.isComparison();
    }
  }

  private Expression not() throws ParseFailure {
    int position = lexer.start;
    lexer.next();
    in.enter();
    Expression operand = binary(BinaryOperator.NOT_PRECEDENCE);
    in.leave();
    return new Expression.Unary(UnaryOperator.NOT, operand, position);
  }

  private static @Nullable BinaryOperator operator(Token token) {
    return switch (token) {
      case OR -> BinaryOperator.OR;
      case AND -> BinaryOperator.AND;
      case EQUALS_EQUALS -> BinaryOperator.EQUAL;
      case NOT_EQUALS -> BinaryOperator.NOT_EQUAL;
      case LESS -> BinaryOperator.LESS;
      case LESS_EQUALS -> BinaryOperator.LESS_EQUAL;
      case GREATER -> BinaryOperator.GREATER;
      case GREATER_EQUALS -> BinaryOperator.GREATER_EQUAL;
      case IN -> BinaryOperator.IN;
      case NOT -> BinaryOperator.NOT_IN;
      case PIPE -> BinaryOperator.BIT_OR;
      case CARET -> BinaryOperator.BIT_XOR;
      case AMPERSAND -> BinaryOperator.BIT_AND;
      case LESS_LESS -> BinaryOperator.SHIFT_LEFT;
      case GREATER_GREATER -> BinaryOperator.SHIFT_RIGHT;
      case PLUS -> BinaryOperator.ADD;
      case MINUS -> BinaryOperator.SUBTRACT;
      case STAR -> BinaryOperator.MULTIPLY;
      case SLASH -> BinaryOperator.DIVIDE;
      case SLASH_SLASH -> BinaryOperator.FLOOR_DIVIDE;
      case PERCENT -> BinaryOperator.MODULO;
      default -> null;
    };
  }

  private Expression unary() throws ParseFailure {
    UnaryOperator operator =
        switch (lexer.token) {
          case PLUS -> UnaryOperator.PLUS;
          case MINUS -> UnaryOperator.MINUS;
          case TILDE -> UnaryOperator.INVERT;
          default -> null;
        };
    if (operator == null) {
      return primary();
    }
    int position = lexer.start;
    lexer.next();
    in.enter();
    Expression operand = unary();
    in.leave();
    return new Expression.Unary(operator, operand, position);
  }

  private Expression primary() throws ParseFailure {
    Expression result = operands.operand();
    while (true) {
      switch (lexer.token) {
        case DOT -> {
          lexer.next();
          int position = lexer.start;
          String field = in.identifier("the name of an attribute").name();
          result = new Expression.Dot(result, field, position);
        }
        case LEFT_PAREN ->
            result = new Expression.Call(result, signatures.arguments(), result.start());
        case LEFT_BRACKET -> result = indexOrSlice(result);
        default -> {
          return result;
        }
      }
    }
  }

  /// The targets between `for` and `in`.
  Expression loopVariables() throws ParseFailure {
    int position = lexer.start;
    Expression first = primary();
    if (lexer.token != COMMA) {
      checkTarget(first);
      return first;
    }
    List<Expression> targets = new ArrayList<>();
    targets.add(first);
    while (lexer.token == COMMA) {
      lexer.next();
      targets.add(primary());
    }
    Expression target = new Expression.TupleDisplay(List.copyOf(targets), position);
    checkTarget(target);
    return target;
  }

  /// Refuses what cannot stand to the left of `=`.
  void checkTarget(Expression target) throws ParseFailure {
    switch (target) {
      case Identifier _, Expression.Dot _, Expression.Index _ -> {}
      case Expression.ListDisplay(var elements, _) -> checkTargets(elements);
      case Expression.TupleDisplay(var elements, _) -> checkTargets(elements);
      case Expression.Slice _ -> throw in.fail(target.start(), "cannot assign to a slice");
      case Expression.Call _ -> throw in.fail(target.start(), "cannot assign to a call");
      default -> throw in.fail(target.start(), "cannot assign to this expression");
    }
  }

  private void checkTargets(List<Expression> targets) throws ParseFailure {
    for (Expression target : targets) {
      checkTarget(target);
    }
  }

  private Expression indexOrSlice(Expression object) throws ParseFailure {
    int position = lexer.start;
    lexer.next();
    Expression from = lexer.token == COLON ? null : list();
    if (lexer.token != COLON) {
      in.close(RIGHT_BRACKET, position);
      if (from == null) {
        throw in.fail("expected an index" + in.found());
      }
      return new Expression.Index(object, from, position);
    }
    lexer.next();
    Expression stop = lexer.token == COLON || lexer.token == RIGHT_BRACKET ? null : test();
    Expression step = null;
    if (lexer.token == COLON) {
      lexer.next();
      step = lexer.token == RIGHT_BRACKET ? null : test();
    }
    in.close(RIGHT_BRACKET, position);
    return new Expression.Slice(object, from, stop, step, position);
  }
}
