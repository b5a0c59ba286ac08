package dev.athanor.engine.starlark.syntax;

import static dev.athanor.engine.starlark.syntax.Token.COMMA;
import static dev.athanor.engine.starlark.syntax.Token.EQUALS;
import static dev.athanor.engine.starlark.syntax.Token.FOR;
import static dev.athanor.engine.starlark.syntax.Token.IDENTIFIER;
import static dev.athanor.engine.starlark.syntax.Token.RIGHT_PAREN;

import dev.athanor.engine.starlark.syntax.Expression.Identifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads the arguments of calls and the parameters of functions.
final class SignatureParser {
  private final Tokens in;
  private final Lexer lexer;
  private final ExpressionParser expressions;

  SignatureParser(Tokens in, ExpressionParser expressions) {
    this.in = in;
    this.lexer = in.lexer;
    this.expressions = expressions;
  }

  /// The arguments of a call, from its opening to its closing parenthesis.
  List<Argument> arguments() throws ParseFailure {
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
    in.close(RIGHT_PAREN, open);
    return List.copyOf(arguments);
  }

  private Argument argument(Set<String> names) throws ParseFailure {
    int position = lexer.start;
    if (lexer.token == Token.STAR || lexer.token == Token.STAR_STAR) {
      boolean single = lexer.token == Token.STAR;
      if (!in.dialect.starArguments()) {
        throw in.fail("'" + lexer.token.text + "' arguments are not allowed in this file");
      }
      lexer.next();
      Expression value = expressions.test();
      return single ? new Argument.Star(value, position) : new Argument.StarStar(value, position);
    }
    Expression value = expressions.test();
    if (lexer.token != EQUALS) {
      if (lexer.token == FOR) {
        throw in.fail("there are no generators in Starlark; write a list comprehension [...]");
      }
      return new Argument.Positional(value, position);
    }
    if (!(value instanceof Identifier name)) {
      throw in.fail(position, "the name of a keyword argument must be a plain name");
    }
    if (!names.add(name.name())) {
      throw in.fail(position, "keyword argument '" + name.name() + "' is given twice");
    }
    lexer.next();
    return new Argument.Named(name.name(), expressions.test(), position);
  }

  /// Positional, named, `*` and `**` arguments come in this order, and the last two at most once.
  private void checkOrder(List<Argument> before, Argument argument) throws ParseFailure {
    if (before.isEmpty()) {
      return;
    }
    Argument last = before.getLast();
    if (last instanceof Argument.StarStar) {
      throw in.fail(argument.position(), "no argument may follow '**'");
    }
    if (last instanceof Argument.Star && !(argument instanceof Argument.StarStar)) {
      throw in.fail(argument.position(), "only '**' may follow a '*' argument");
    }
    if (last instanceof Argument.Named && argument instanceof Argument.Positional) {
      throw in.fail(argument.position(), "positional argument after a keyword argument");
    }
  }

  /// The parameters of a `def` or `lambda` up to, and without, the closing token.
  List<Parameter> parameters(Token closing) throws ParseFailure {
    List<Parameter> parameters = new ArrayList<>();
    Set<String> names = new HashSet<>();
    while (lexer.token != closing) {
      Parameter parameter = parameter();
      Identifier name = parameter.identifier();
      if (name != null && !names.add(name.name())) {
        throw in.fail(name.position(), "parameter '" + name.name() + "' is declared twice");
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
      throw in.fail(position, "a bare '*' must be followed by a parameter");
    }
    return List.copyOf(parameters);
  }

  private Parameter parameter() throws ParseFailure {
    int position = lexer.start;
    if (lexer.token == Token.STAR) {
      lexer.next();
      boolean named = lexer.token == IDENTIFIER;
      return new Parameter.Star(named ? in.identifier("a parameter") : null, position);
    }
    if (lexer.token == Token.STAR_STAR) {
      lexer.next();
      return new Parameter.StarStar(in.identifier("a parameter"), position);
    }
    Identifier name = in.identifier("a parameter");
    if (lexer.token != EQUALS) {
      return new Parameter.Mandatory(name, position);
    }
    lexer.next();
    return new Parameter.Optional(name, expressions.test(), position);
  }

  private void checkOrder(List<Parameter> before, Parameter parameter) throws ParseFailure {
    boolean star = before.stream().anyMatch(Parameter.Star.class::isInstance);
    if (!before.isEmpty() && before.getLast() instanceof Parameter.StarStar) {
      throw in.fail(parameter.position(), "no parameter may follow '**'");
    }
    if (star && parameter instanceof Parameter.Star) {
      throw in.fail(parameter.position(), "a function has at most one '*' parameter");
    }
    if (star || !(parameter instanceof Parameter.Mandatory)) {
      if (parameter instanceof Parameter.StarStar
          && before.size() > 0
          && before.getLast() instanceof Parameter.Star(var name, _)
          && name == null) {
        throw in.fail(parameter.position(), "a bare '*' must be followed by a parameter");
      }
      return;
    }
    if (before.stream().anyMatch(Parameter.Optional.class::isInstance)) {
      throw in.fail(parameter.position(), "a parameter without default follows one with a default");
    }
  }
}
