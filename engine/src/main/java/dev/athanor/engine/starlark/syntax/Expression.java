package dev.athanor.engine.starlark.syntax;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An expression of the syntax tree.
///
/// A `position` is the offset into the source that errors about the node point at: the operator of
/// an operation, the name of an attribute, and otherwise the first character. Offsets become line
/// and column only when they are needed ([Source#location]).
public sealed interface Expression {
  int position();

  /// The offset of the first character, ignoring parentheses around the whole.
  default int start() {
    Expression x = this;
    while (true) {
      Expression left = leftOperand(x);
      if (left == null) {
        return x.position();
      }
      x = left;
    }
  }

  private static @Nullable Expression leftOperand(Expression expression) {
    return switch (expression) {
      case Binary x -> x.left();
      case Conditional x -> x.then();
      case Dot x -> x.object();
      case Index x -> x.object();
      case Slice x -> x.object();
      default -> null;
    };
  }

  /// A name; `id` numbers the identifiers of a file and is the key into [ResolvedFile].
  record Identifier(String name, int id, int position) implements Expression {}

  record IntLiteral(BigInteger value, int position) implements Expression {}

  record FloatLiteral(double value, int position) implements Expression {}

  record StringLiteral(String value, int position) implements Expression {}

  /// A bytes literal; each character of `value` is one byte.
  record BytesLiteral(String value, int position) implements Expression {}

  record ListDisplay(List<Expression> elements, int position) implements Expression {}

  record TupleDisplay(List<Expression> elements, int position) implements Expression {}

  record DictDisplay(List<Entry> entries, int position) implements Expression {}

  /// `[value for ...]` or, with a key, `{key: value for ...}`.
  record Comprehension(
      @Nullable Expression key, Expression value, List<Clause> clauses, int position)
      implements Expression {}

  record Unary(UnaryOperator operator, Expression operand, int position) implements Expression {}

  record Binary(BinaryOperator operator, Expression left, Expression right, int position)
      implements Expression {}

  /// `then if condition else otherwise`.
  record Conditional(Expression condition, Expression then, Expression otherwise, int position)
      implements Expression {}

  record Call(Expression function, List<Argument> arguments, int position) implements Expression {}

  record Dot(Expression object, String field, int position) implements Expression {}

  record Index(Expression object, Expression key, int position) implements Expression {}

  record Slice(
      Expression object,
      @Nullable Expression from,
      @Nullable Expression stop,
      @Nullable Expression step,
      int position)
      implements Expression {}

  /// An anonymous function; `id` numbers the functions of a file, together with the `def`s.
  record Lambda(List<Parameter> parameters, Expression body, int id, int position)
      implements Expression {}

  /// One `key: value` of a dict display.
  record Entry(Expression key, Expression value, int position) {}

  /// A part of a comprehension.
  sealed interface Clause {
    record For(Expression target, Expression iterable, int position) implements Clause {}

    record If(Expression condition, int position) implements Clause {}
  }
}
