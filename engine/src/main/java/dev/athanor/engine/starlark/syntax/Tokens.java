package dev.athanor.engine.starlark.syntax;

import static dev.athanor.engine.starlark.syntax.Token.IDENTIFIER;

import dev.athanor.engine.starlark.syntax.Expression.Identifier;

/// The lexer as the parsers see it: what all of them need to expect, count and report.
final class Tokens {
  /// Deeper nesting is reported, so that no file can exhaust the Java stack.
  private static final int MAX_DEPTH = 200;

  final Lexer lexer;
  final Dialect dialect;
  private final Errors errors;
  private int depth;
  private int identifiers;
  private int functions;

  Tokens(Lexer lexer, Errors errors, Dialect dialect) {
    this.lexer = lexer;
    this.errors = errors;
    this.dialect = dialect;
  }

  /// How many identifiers have been numbered.
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

  /// Expects the bracket that closes the one at `open`.
  void close(Token token, int open) throws ParseFailure {
    if (lexer.token == Token.EOF || lexer.token == Token.NEWLINE) {
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
    int bracket = lexer.forgottenBracket(position);
    if (bracket >= 0) {
      errors.add(bracket, "this bracket is never closed");
    } else {
      errors.add(position, message);
    }
    return new ParseFailure();
  }

  /// Goes one level deeper; [#leave] must follow.
  void enter() throws ParseFailure {
    if (++depth > MAX_DEPTH) {
      throw fail("this expression is nested too deeply");
    }
  }

  void leave() {
    leave(1);
  }

  void leave(int levels) {
    depth -= levels;
  }

  /// Forgets how deep the abandoned statement was.
  void reset() {
    depth = 0;
  }
}
