package dev.athanor.engine.starlark.syntax;

/// The operators that stand before their operand.
public enum UnaryOperator {
  PLUS("+"),
  MINUS("-"),
  INVERT("~"),
  NOT("not");

  private final String symbol;

  UnaryOperator(String symbol) {
    this.symbol = symbol;
  }

  @Override
  public String toString() {
    return symbol;
  }
}
