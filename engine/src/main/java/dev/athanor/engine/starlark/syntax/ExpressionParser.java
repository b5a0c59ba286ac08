package dev.athanor.engine.starlark.syntax;

import static dev.athanor.engine.starlark.syntax.Token.COLON;
import static dev.athanor.engine.starlark.syntax.Token.COMMA;
import static dev.athanor.engine.starlark.syntax.Token.EQUALS;
import static dev.athanor.engine.starlark.syntax.Token.FOR;
import static dev.athanor.engine.starlark.syntax.Token.IDENTIFIER;
import static dev.athanor.engine.starlark.syntax.Token.IF;
import static dev.athanor.engine.starlark.syntax.Token.IN;
import static dev.athanor.engine.starlark.syntax.Token.RIGHT_BRACE;
import static dev.athanor.engine.starlark.syntax.Token.RIGHT_BRACKET;
import static dev.athanor.engine.starlark.syntax.Token.RIGHT_PAREN;

import dev.athanor.engine.starlark.syntax.Expression.Clause;
import dev.athanor.engine.starlark.syntax.Expression.Entry;
import dev.athanor.engine.starlark.syntax.Expression.Identifier;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads expressions by precedence climbing.
final class ExpressionParser {
  /// Deeper nesting is reported, so that no file can exhaust the Java stack.
  private static final int MAX_DEPTH = 200;

  private final Lexer lexer;
  private final Errors errors;
  private final Dialect dialect;
  private int depth;
  private int identifiers;
  private int functions;

  ExpressionParser(Lexer lexer, Errors errors, Dialect dialect) {
    this.lexer = lexer;
    this.errors = errors;
    this.dialect = dialect;
  }

  int identifierCount() {
    return identifiers;
  }

  int functionCount() {
    return functions;
  }

  int newFunction() {
    return functions++;
  }

  Identifier newIdentifier(String name, int position) {
    return new Identifier(name, identifiers++, position);
  }

  /// Forgets how deep the abandoned statement was.
  void reset() {
    depth = 0;
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
        throw fail("a tuple that ends in a comma needs parentheses");
      }
      elements.add(test());
    }
    return new Expression.TupleDisplay(List.copyOf(elements), position);
  }

  /// One expression: a conditional, a lambda or an operation.
  Expression test() throws ParseFailure {
    enter();
    Expression result = lexer.token == Token.LAMBDA ? lambda(true) : conditional();
    depth--;
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
      throw fail("expected 'else': a conditional expression is 'a if condition else b'" + found());
    }
    lexer.next();
    return new Expression.Conditional(condition, then, test(), position);
  }

  /// The condition of a comprehension, which is no conditional expression without parentheses.
  private Expression testWithoutConditional() throws ParseFailure {
    enter();
    Expression result = lexer.token == Token.LAMBDA ? lambda(false) : binary(0);
    depth--;
    return result;
  }

  private Expression lambda(boolean conditional) throws ParseFailure {
    int position = lexer.start;
    if (!dialect.functions()) {
      throw fail("functions cannot be defined in this file; put them in a .bzl file and load them");
    }
    lexer.next();
    List<Parameter> parameters = parameters(COLON);
    expect(COLON);
    int id = newFunction();
    Expression body = conditional ? test() : testWithoutConditional();
    return new Expression.Lambda(parameters, body, id, position);
  }

  private Expression binary(int minimum) throws ParseFailure {
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
        throw fail("comparisons cannot be chained; combine them with 'and'");
      }
      lexer.next();
      if (operator == BinaryOperator.NOT_IN) {
        if (lexer.token != IN) {
          throw fail("expected 'in' after 'not'" + found());
        }
        lexer.next();
      }
      enter();
      Expression right = binary(operator.precedence + 1);
      depth--;
      left = new Expression.Binary(operator, left, right, position);
      compared = operator.isComparison();
    }
  }

  private Expression not() throws ParseFailure {
    int position = lexer.start;
    lexer.next();
    enter();
    Expression operand = binary(BinaryOperator.NOT_PRECEDENCE);
    depth--;
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
    enter();
    Expression operand = unary();
    depth--;
    return new Expression.Unary(operator, operand, position);
  }

  private Expression primary() throws ParseFailure {
    Expression result = operand();
    while (true) {
      switch (lexer.token) {
        case DOT -> {
          lexer.next();
          int position = lexer.start;
          String field = identifier("the name of an attribute").name();
          result = new Expression.Dot(result, field, position);
        }
        case LEFT_PAREN -> result = call(result);
        case LEFT_BRACKET -> result = indexOrSlice(result);
        default -> {
          return result;
        }
      }
    }
  }

  private Expression operand() throws ParseFailure {
    int position = lexer.start;
    Object value = lexer.value;
    return switch (lexer.token) {
      case IDENTIFIER -> identifier("an expression");
      case INT -> advance(new Expression.IntLiteral((BigInteger) value, position));
      case FLOAT -> advance(new Expression.FloatLiteral((Double) value, position));
      case STRING -> string((String) value, position);
      case BYTES -> advance(new Expression.BytesLiteral((String) value, position));
      case LEFT_PAREN -> parenthesized();
      case LEFT_BRACKET -> listOrComprehension();
      case LEFT_BRACE -> dictOrComprehension();
      case RESERVED -> throw fail(reserved((String) value));
      case LOAD -> throw fail("load is a statement and has no value");
      default -> throw fail("expected an expression" + found());
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
      throw fail("adjacent strings are not joined; write '+' between them, or a comma");
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
    Expression first = test();
    if (lexer.token != COMMA) {
      close(RIGHT_PAREN, position);
      return first;
    }
    List<Expression> elements = new ArrayList<>();
    elements.add(first);
    while (lexer.token == COMMA) {
      lexer.next();
      if (lexer.token == RIGHT_PAREN) {
        break;
      }
      elements.add(test());
    }
    close(RIGHT_PAREN, position);
    return new Expression.TupleDisplay(List.copyOf(elements), position);
  }

  private Expression listOrComprehension() throws ParseFailure {
    int position = lexer.start;
    lexer.next();
    List<Expression> elements = new ArrayList<>();
    while (lexer.token != RIGHT_BRACKET) {
      elements.add(test());
      if (lexer.token == FOR && elements.size() == 1) {
        List<Clause> clauses = clauses();
        close(RIGHT_BRACKET, position);
        return new Expression.Comprehension(null, elements.getFirst(), clauses, position);
      }
      if (lexer.token != COMMA) {
        break;
      }
      lexer.next();
    }
    close(RIGHT_BRACKET, position);
    return new Expression.ListDisplay(List.copyOf(elements), position);
  }

  private Expression dictOrComprehension() throws ParseFailure {
    int position = lexer.start;
    lexer.next();
    List<Entry> entries = new ArrayList<>();
    while (lexer.token != RIGHT_BRACE) {
      Expression key = test();
      int colon = lexer.start;
      if (lexer.token != COLON) {
        throw fail("expected ':' between a key and its value" + found());
      }
      lexer.next();
      Expression value = test();
      if (lexer.token == FOR && entries.isEmpty()) {
        List<Clause> clauses = clauses();
        close(RIGHT_BRACE, position);
        return new Expression.Comprehension(key, value, clauses, position);
      }
      entries.add(new Entry(key, value, colon));
      if (lexer.token != COMMA) {
        break;
      }
      lexer.next();
    }
    close(RIGHT_BRACE, position);
    return new Expression.DictDisplay(List.copyOf(entries), position);
  }

  private List<Clause> clauses() throws ParseFailure {
    List<Clause> clauses = new ArrayList<>();
    while (lexer.token == FOR || lexer.token == IF) {
      int position = lexer.start;
      boolean isFor = lexer.token == FOR;
      lexer.next();
      if (isFor) {
        Expression target = loopVariables();
        expect(IN);
        clauses.add(new Clause.For(target, binary(0), position));
      } else {
        clauses.add(new Clause.If(testWithoutConditional(), position));
      }
      enter();
    }
    depth -= clauses.size();
    return List.copyOf(clauses);
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
      case Expression.Slice _ -> throw fail(target.start(), "cannot assign to a slice");
      case Expression.Call _ -> throw fail(target.start(), "cannot assign to a call");
      default -> throw fail(target.start(), "cannot assign to this expression");
    }
  }

  private void checkTargets(List<Expression> targets) throws ParseFailure {
    for (Expression target : targets) {
      checkTarget(target);
    }
  }

  private Expression call(Expression function) throws ParseFailure {
    int open = lexer.start;
    lexer.next();
    List<Argument> arguments = new ArrayList<>();
    Set<String> names = new HashSet<>();
    while (lexer.token != RIGHT_PAREN) {
      Argument argument = argument(names);
      checkOrder(arguments, argument);
      arguments.add(argument);
      if (lexer.token != COMMA) {
        break;
      }
      lexer.next();
    }
    close(RIGHT_PAREN, open);
    return new Expression.Call(function, List.copyOf(arguments), function.start());
  }

  private Argument argument(Set<String> names) throws ParseFailure {
    int position = lexer.start;
    if (lexer.token == Token.STAR || lexer.token == Token.STAR_STAR) {
      boolean single = lexer.token == Token.STAR;
      if (!dialect.starArguments()) {
        throw fail("'" + lexer.token.text + "' arguments are not allowed in this file");
      }
      lexer.next();
      Expression value = test();
      return single ? new Argument.Star(value, position) : new Argument.StarStar(value, position);
    }
    Expression value = test();
    if (lexer.token != EQUALS) {
      if (lexer.token == FOR) {
        throw fail("there are no generators in Starlark; write a list comprehension [...]");
      }
      return new Argument.Positional(value, position);
    }
    if (!(value instanceof Identifier name)) {
      throw fail(position, "the name of a keyword argument must be a plain name");
    }
    if (!names.add(name.name())) {
      throw fail(position, "keyword argument '" + name.name() + "' is given twice");
    }
    lexer.next();
    return new Argument.Named(name.name(), test(), position);
  }

  /// Positional, named, `*` and `**` arguments come in this order, and the last two at most once.
  private void checkOrder(List<Argument> before, Argument argument) throws ParseFailure {
    if (before.isEmpty()) {
      return;
    }
    Argument last = before.getLast();
    if (last instanceof Argument.StarStar) {
      throw fail(argument.position(), "no argument may follow '**'");
    }
    if (last instanceof Argument.Star && !(argument instanceof Argument.StarStar)) {
      throw fail(argument.position(), "only '**' may follow a '*' argument");
    }
    if (last instanceof Argument.Named && argument instanceof Argument.Positional) {
      throw fail(argument.position(), "positional argument after a keyword argument");
    }
  }

  private Expression indexOrSlice(Expression object) throws ParseFailure {
    int position = lexer.start;
    lexer.next();
    Expression from = lexer.token == COLON ? null : list();
    if (lexer.token != COLON) {
      close(RIGHT_BRACKET, position);
      if (from == null) {
        throw fail("expected an index" + found());
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
    close(RIGHT_BRACKET, position);
    return new Expression.Slice(object, from, stop, step, position);
  }

  /// The parameters of a `def` or `lambda` up to, and without, the closing token.
  List<Parameter> parameters(Token closing) throws ParseFailure {
    List<Parameter> parameters = new ArrayList<>();
    Set<String> names = new HashSet<>();
    while (lexer.token != closing) {
      Parameter parameter = parameter();
      Identifier name = parameter.identifier();
      if (name != null && !names.add(name.name())) {
        throw fail(name.position(), "parameter '" + name.name() + "' is declared twice");
      }
      checkOrder(parameters, parameter);
      parameters.add(parameter);
      if (lexer.token != COMMA) {
        break;
      }
      lexer.next();
    }
    if (!parameters.isEmpty()
        && parameters.getLast() instanceof Parameter.Star(var name, var position)
        && name == null) {
      throw fail(position, "a bare '*' must be followed by a parameter");
    }
    return List.copyOf(parameters);
  }

  private Parameter parameter() throws ParseFailure {
    int position = lexer.start;
    if (lexer.token == Token.STAR) {
      lexer.next();
      boolean named = lexer.token == IDENTIFIER;
      return new Parameter.Star(named ? identifier("a parameter") : null, position);
    }
    if (lexer.token == Token.STAR_STAR) {
      lexer.next();
      return new Parameter.StarStar(identifier("a parameter"), position);
    }
    Identifier name = identifier("a parameter");
    if (lexer.token != EQUALS) {
      return new Parameter.Mandatory(name, position);
    }
    lexer.next();
    return new Parameter.Optional(name, test(), position);
  }

  private void checkOrder(List<Parameter> before, Parameter parameter) throws ParseFailure {
    boolean star = before.stream().anyMatch(Parameter.Star.class::isInstance);
    if (!before.isEmpty() && before.getLast() instanceof Parameter.StarStar) {
      throw fail(parameter.position(), "no parameter may follow '**'");
    }
    if (star && parameter instanceof Parameter.Star) {
      throw fail(parameter.position(), "a function has at most one '*' parameter");
    }
    if (star || !(parameter instanceof Parameter.Mandatory)) {
      if (parameter instanceof Parameter.StarStar
          && before.size() > 0
          && before.getLast() instanceof Parameter.Star(var name, _)
          && name == null) {
        throw fail(parameter.position(), "a bare '*' must be followed by a parameter");
      }
      return;
    }
    if (before.stream().anyMatch(Parameter.Optional.class::isInstance)) {
      throw fail(parameter.position(), "a parameter without default follows one with a default");
    }
  }

  Identifier identifier(String what) throws ParseFailure {
    if (lexer.token != IDENTIFIER) {
      throw fail("expected " + what + found());
    }
    Identifier result = newIdentifier((String) lexer.value, lexer.start);
    lexer.next();
    return result;
  }

  void expect(Token token) throws ParseFailure {
    if (lexer.token != token) {
      throw fail("expected " + token.description() + found());
    }
    lexer.next();
  }

  private void close(Token token, int open) throws ParseFailure {
    if (lexer.token != token && lexer.atEndOfStatement()) {
      throw fail(open, "this bracket is never closed");
    }
    if (lexer.token != token) {
      throw fail("expected ',' or " + token.description() + found());
    }
    lexer.next();
  }

  /// `, found x`, for the end of a message.
  String found() {
    return switch (lexer.token) {
      case IDENTIFIER, RESERVED -> ", found '" + lexer.value + "'";
      case INT, FLOAT -> ", found a number";
      case STRING, BYTES -> ", found a string";
      default -> ", found " + lexer.token.description();
    };
  }

  ParseFailure fail(String message) {
    return fail(lexer.start, message);
  }

  ParseFailure fail(int position, String message) {
    errors.add(position, message);
    return new ParseFailure();
  }

  private void enter() throws ParseFailure {
    if (++depth > MAX_DEPTH) {
      throw fail("this expression is nested too deeply");
    }
  }
}
