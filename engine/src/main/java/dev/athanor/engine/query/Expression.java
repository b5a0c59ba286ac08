package dev.athanor.engine.query;

import java.util.List;

/// A query, or a part of one: stands for a set of targets.
///
/// Every part knows its offset in the text, for messages.
sealed interface Expression {
  int position();

  /// A target pattern.
  record Pattern(String text, int position) implements Expression {}

  /// `$name`
  record Variable(String name, int position) implements Expression {}

  /// `let name = value in body`
  record Let(String name, Expression value, Expression body, int position) implements Expression {}

  /// `set(a b c)`
  record Words(List<Pattern> patterns, int position) implements Expression {
    public Words {
      patterns = List.copyOf(patterns);
    }
  }

  /// `first op a op b ...`, from left to right: all operators bind alike. One node for the whole
  /// chain, so that a generated query of thousands of terms does not nest.
  record Chain(Expression first, List<Step> steps) implements Expression {
    public Chain {
      steps = List.copyOf(steps);
    }

    @Override
    public int position() {
      return first.position();
    }
  }

  /// One operator of a chain with what stands to its right.
  record Step(Operator operator, Expression operand) {}

  /// What joins two sets.
  enum Operator {
    UNION,
    INTERSECT,
    EXCEPT
  }

  /// `function(arguments)`, as many and of such kinds as the function wants.
  record Call(QueryFunction function, List<Argument> arguments, int position)
      implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /// An argument of a call.
  sealed interface Argument {
    record Targets(Expression expression) implements Argument {}

    record Word(String text, int position) implements Argument {}

    record Count(int value) implements Argument {}
  }
}
