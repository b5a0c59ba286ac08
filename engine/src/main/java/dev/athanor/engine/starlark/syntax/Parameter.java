package dev.athanor.engine.starlark.syntax;

import dev.athanor.engine.starlark.syntax.Expression.Identifier;
import org.jspecify.annotations.Nullable;

/// A parameter of a `def` or `lambda`, in the order of the declaration.
public sealed interface Parameter {
  int position();

  record Mandatory(Identifier name, int position) implements Parameter {}

  record Optional(Identifier name, Expression value, int position) implements Parameter {}

  /// `*name`, or the bare `*` that begins the keyword-only parameters.
  record Star(@Nullable Identifier name, int position) implements Parameter {}

  /// `**name`.
  record StarStar(Identifier name, int position) implements Parameter {}

  /// The name that the parameter binds; null for a bare `*`.
  default @Nullable Identifier identifier() {
    return switch (this) {
      case Mandatory(var name, _) -> name;
      case Optional(var name, _, _) -> name;
      case Star(var name, _) -> name;
      case StarStar(var name, _) -> name;
    };
  }
}
