package dev.athanor.engine.starlark.eval;

import dev.athanor.engine.starlark.eval.Step.Signal;
import dev.athanor.engine.starlark.syntax.Expression;
import dev.athanor.engine.starlark.syntax.Statement;
import dev.athanor.engine.starlark.syntax.Statement.LoadBinding;
import java.util.List;

/// Turns the statements of a resolved file into [Step]s.
final class StatementCompiler {
  static final Step PASS = new Steps.Jump(Signal.NEXT);
  private static final Step BREAK = new Steps.Jump(Signal.BREAK);
  private static final Step CONTINUE = new Steps.Jump(Signal.CONTINUE);

  private final Compiler compiler;

  StatementCompiler(Compiler compiler) {
    this.compiler = compiler;
  }

  Step block(List<Statement> statements) {
    return new Steps.Block(statements.stream().map(this::statement).toArray(Step[]::new));
  }

  private Step statement(Statement statement) {
    return switch (statement) {
      case Statement.Evaluate(var expression) -> new Steps.Evaluate(compiler.compile(expression));
      case Statement.Assign(var target, var value, _) ->
          new Steps.Assign(compiler.target(target), compiler.compile(value));
      case Statement.Augment augment -> augment(augment);
      case Statement.Def def ->
          new Steps.Assign(compiler.nameTarget(def.name()), compiler.define(def));
      case Statement.For(var target, var iterable, var body, _) ->
          new Loops.For(
              compiler.target(target), compiler.compile(iterable), block(body), iterable.start());
      case Statement.If conditional -> conditional(conditional);
      case Statement.Return(var value, _) -> new Steps.Return(compiler.orNone(value));
      case Statement.Load load -> load(load);
      case Statement.Break _ -> BREAK;
      case Statement.Continue _ -> CONTINUE;
      case Statement.Pass _ -> PASS;
    };
  }

  private Step augment(Statement.Augment augment) {
    var operator = augment.operator();
    var value = compiler.compile(augment.value());
    int position = augment.position();
    return switch (augment.target()) {
      case Expression.Identifier name ->
          new Steps.AugmentName(
              compiler.compile(name), compiler.nameTarget(name), operator, value, position);
      case Expression.Index(var object, var key, _) ->
          new Steps.AugmentIndex(
              compiler.compile(object), compiler.compile(key), operator, value, position);
      case Expression.Dot(var object, var field, _) ->
          new Steps.AugmentField(compiler.compile(object), field, operator, value, position);
      default -> throw new IllegalArgumentException("not assignable: " + augment.target());
    };
  }

  private Step conditional(Statement.If statement) {
    List<Statement.Branch> branches = statement.branches();
    return new Steps.If(
        branches.stream().map(x -> compiler.compile(x.condition())).toArray(Code[]::new),
        branches.stream().map(x -> block(x.body())).toArray(Step[]::new),
        statement.otherwise().isEmpty() ? PASS : block(statement.otherwise()));
  }

  private Step load(Statement.Load load) {
    List<LoadBinding> bindings = load.bindings();
    return new Steps.Load(
        load.module().value(),
        bindings.stream().map(binding -> binding.original().value()).toArray(String[]::new),
        bindings.stream().mapToInt(binding -> binding.original().position()).toArray(),
        bindings.stream().map(b -> compiler.nameTarget(b.local())).toArray(Target[]::new),
        load.module().position());
  }
}
