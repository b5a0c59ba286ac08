package dev.athanor.engine.starlark.syntax;

import dev.athanor.engine.starlark.syntax.Expression.StringLiteral;
import java.util.ArrayList;
import java.util.List;

/// The syntax tree of a file, as far as it could be read, and what is wrong with it.
public record ParsedFile(
    Source source,
    Dialect dialect,
    List<Statement> statements,
    int identifierCount,
    int functionCount,
    List<SyntaxError> errors) {
  public ParsedFile {
    statements = List.copyOf(statements);
    errors = List.copyOf(errors);
  }

  /// The module strings of the load statements in order, so that a host can load them beforehand.
  public List<StringLiteral> loads() {
    List<StringLiteral> loads = new ArrayList<>();
    for (Statement statement : statements) {
      if (statement instanceof Statement.Load load) {
        loads.add(load.module());
      }
    }
    return loads;
  }
}
