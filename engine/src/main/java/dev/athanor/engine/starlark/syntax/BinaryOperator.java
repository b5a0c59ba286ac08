package dev.athanor.engine.starlark.syntax;

/// The operators with two operands, and how tightly they bind.
public enum BinaryOperator {
  OR("or", 1),
  AND("and", 2),
  EQUAL("==", 4),
  NOT_EQUAL("!=", 4),
  LESS("<", 4),
  LESS_EQUAL("<=", 4),
  GREATER(">", 4),
  GREATER_EQUAL(">=", 4),
  IN("in", 4),
  NOT_IN("not in", 4),
  BIT_OR("|", 5),
  BIT_XOR("^", 6),
  BIT_AND("&", 7),
  SHIFT_LEFT("<<", 8),
  SHIFT_RIGHT(">>", 8),
  ADD("+", 9),
  SUBTRACT("-", 9),
  MULTIPLY("*", 10),
  DIVIDE("/", 10),
  FLOOR_DIVIDE("//", 10),
  MODULO("%", 10);

  /// Below the comparisons, above `and`.
  static final int NOT_PRECEDENCE = 3;

  static final int COMPARISON_PRECEDENCE = 4;

  private final String symbol;
  final int precedence;

  BinaryOperator(String symbol, int precedence) {
    this.symbol = symbol;
    this.precedence = precedence;
  }

  /// Comparisons and membership tests do not associate.
  boolean isComparison() {
    return precedence == COMPARISON_PRECEDENCE;
  }

  @Override
  public String toString() {
    return symbol;
  }
}
