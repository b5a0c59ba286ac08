package dev.athanor.engine.starlark.syntax;

import dev.athanor.engine.starlark.syntax.Expression.Identifier;
import java.util.List;

/// Finds the names that statements bind, without those of functions inside them.
final class Declarations {
  /// Receives each binding occurrence; a name that a load binds is not exported.
  interface Sink {
    void bind(Identifier name, boolean exported);
  }

  private Declarations() {}

  static void of(List<Statement> statements, Sink sink) {
    for (Statement statement : statements) {
      switch (statement) {
        case Statement.Assign(var target, _, _) -> ofTarget(target, sink);
        case Statement.Augment(var target, _, _, _) -> ofTarget(target, sink);
        case Statement.Def def -> sink.bind(def.name(), true);
        case Statement.For loop -> {
          ofTarget(loop.target(), sink);
          of(loop.body(), sink);
        }
        case Statement.If(var branches, var otherwise, _) -> {
          branches.forEach(branch -> of(branch.body(), sink));
          of(otherwise, sink);
        }
        case Statement.Load(_, var bindings, _) ->
            bindings.forEach(binding -> sink.bind(binding.local(), false));
        case Statement.Evaluate _,
            Statement.Return _,
            Statement.Break _,
            Statement.Continue _,
            Statement.Pass _ -> {}
      }
    }
  }

  static void ofTarget(Expression target, Sink sink) {
    switch (target) {
      case Identifier name -> sink.bind(name, true);
      case Expression.ListDisplay(var elements, _) -> elements.forEach(x -> ofTarget(x, sink));
      case Expression.TupleDisplay(var elements, _) -> elements.forEach(x -> ofTarget(x, sink));
      default -> {}
    }
  }
}
