package dev.athanor.engine.starlark.syntax;

/// An argument of a call.
public sealed interface Argument {
  Expression value();

  int position();

  record Positional(Expression value, int position) implements Argument {}

  record Named(String name, Expression value, int position) implements Argument {}

  /// `*value`.
  record Star(Expression value, int position) implements Argument {}

  /// `**value`.
  record StarStar(Expression value, int position) implements Argument {}
}
