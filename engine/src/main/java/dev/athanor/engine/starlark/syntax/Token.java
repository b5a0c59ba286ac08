package dev.athanor.engine.starlark.syntax;

/// The kinds of token, each with the text that error messages call it by.
enum Token {
  EOF("end of file"),
  NEWLINE("end of line"),
  INDENT("indentation"),
  OUTDENT("end of indented block"),
  IDENTIFIER("name"),
  INT("int"),
  FLOAT("float"),
  STRING("string"),
  BYTES("bytes"),
  RESERVED("reserved word"),

  AND("and"),
  BREAK("break"),
  CONTINUE("continue"),
  DEF("def"),
  ELIF("elif"),
  ELSE("else"),
  FOR("for"),
  IF("if"),
  IN("in"),
  LAMBDA("lambda"),
  LOAD("load"),
  NOT("not"),
  OR("or"),
  PASS("pass"),
  RETURN("return"),

  PLUS("+"),
  MINUS("-"),
  STAR("*"),
  SLASH("/"),
  SLASH_SLASH("//"),
  PERCENT("%"),
  STAR_STAR("**"),
  TILDE("~"),
  AMPERSAND("&"),
  PIPE("|"),
  CARET("^"),
  LESS_LESS("<<"),
  GREATER_GREATER(">>"),
  DOT("."),
  COMMA(","),
  EQUALS("="),
  SEMICOLON(";"),
  COLON(":"),
  LEFT_PAREN("("),
  RIGHT_PAREN(")"),
  LEFT_BRACKET("["),
  RIGHT_BRACKET("]"),
  LEFT_BRACE("{"),
  RIGHT_BRACE("}"),
  LESS("<"),
  GREATER(">"),
  GREATER_EQUALS(">="),
  LESS_EQUALS("<="),
  EQUALS_EQUALS("=="),
  NOT_EQUALS("!="),
  PLUS_EQUALS("+="),
  MINUS_EQUALS("-="),
  STAR_EQUALS("*="),
  SLASH_EQUALS("/="),
  SLASH_SLASH_EQUALS("//="),
  PERCENT_EQUALS("%="),
  AMPERSAND_EQUALS("&="),
  PIPE_EQUALS("|="),
  CARET_EQUALS("^="),
  LESS_LESS_EQUALS("<<="),
  GREATER_GREATER_EQUALS(">>=");

  final String text;

  Token(String text) {
    this.text = text;
  }

  boolean isKeyword() {
    return compareTo(AND) >= 0 && compareTo(RETURN) <= 0;
  }

  /// How a message names this token: punctuation and keywords are quoted.
  String description() {
    return compareTo(AND) < 0 ? text : "'" + text + "'";
  }
}
