package dev.athanor.engine.starlark.syntax;

import dev.athanor.engine.starlark.syntax.Expression.Identifier;
import dev.athanor.engine.starlark.syntax.Expression.StringLiteral;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement of the syntax tree.
public sealed interface Statement {
  int position();

  record Evaluate(Expression expression) implements Statement {
    @Override
    public int position() {
      return expression.start();
    }
  }

  /// `target = value`, where the target has been checked to be assignable.
  record Assign(Expression target, Expression value, int position) implements Statement {}

  /// `target op= value`.
  record Augment(Expression target, BinaryOperator operator, Expression value, int position)
      implements Statement {}

  /// A function definition; `id` numbers the functions of a file, together with the `lambda`s.
  record Def(
      Identifier name, List<Parameter> parameters, List<Statement> body, int id, int position)
      implements Statement {}

  record For(Expression target, Expression iterable, List<Statement> body, int position)
      implements Statement {}

  /// `if` and its `elif`s in order, then `else`, which may be empty.
  record If(List<Branch> branches, List<Statement> otherwise, int position) implements Statement {}

  record Return(@Nullable Expression value, int position) implements Statement {}

  record Load(StringLiteral module, List<LoadBinding> bindings, int position)
      implements Statement {}

  record Break(int position) implements Statement {}

  record Continue(int position) implements Statement {}

  record Pass(int position) implements Statement {}

  record Branch(Expression condition, List<Statement> body) {}

  /// `local = "original"` inside a load; the two names mostly agree.
  record LoadBinding(Identifier local, StringLiteral original) {}
}
