package dev.athanor.engine.starlark.syntax;

/// Leaves a statement that cannot be read; its error has been recorded. Never leaves the parser.
final class ParseFailure extends Exception {
  private static final long serialVersionUID = 1;

  ParseFailure() {
    super(null, null, false, false);
  }
}
