package dev.athanor.engine.starlark.syntax;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Cuts a file into tokens, one at a time.
///
/// After [#next] the fields describe the current token. Indentation becomes [Token#INDENT] and
/// [Token#OUTDENT]; inside brackets line ends mean nothing. Mistakes are recorded, and the lexer
/// carries on with what was probably meant.
final class Lexer {
  private static final int MAX_INDENTATIONS = 100;
  private static final Map<String, Token> KEYWORDS = keywords();
  private static final Set<String> RESERVED =
      Set.of(
          "as",
          "assert",
          "async",
          "await",
          "class",
          "del",
          "except",
          "finally",
          "from",
          "global",
          "import",
          "is",
          "nonlocal",
          "raise",
          "try",
          "while",
          "with",
          "yield");

  private final String text;
  private final Errors errors;
  private final LiteralScanner literals;

  Token token = Token.NEWLINE;

  /// Where the current token starts and ends.
  int start;

  int end;

  /// The name, or the value of the literal; for other tokens meaningless.
  Object value = "";

  /// Whether the current token is the first of its line.
  boolean firstOnLine;

  private int pos;
  private int brackets;

  /// Where the open brackets are, as far as there is room.
  private final int[] openBrackets = new int[256];

  /// The first line inside the open brackets that is not indented more deeply than the statement,
  /// and the innermost bracket that was open there; -1 while there is none.
  private int suspectLine = -1;

  private int suspectBracket = -1;
  private boolean atLineStart = true;
  private int[] indents = new int[MAX_INDENTATIONS + 1];
  private int indentCount = 1;
  private int pendingOutdents;

  Lexer(Source source, Errors errors) {
    this.text = source.text();
    this.errors = errors;
    this.literals = new LiteralScanner(text, errors);
  }

  /// How many blocks are open, counting the file itself.
  int blockDepth() {
    return indentCount;
  }

  /// The bracket that was probably forgotten to be closed, if an error at `position` shows that,
  /// else -1: a line before it begins as if it were a statement.
  int forgottenBracket(int position) {
    return brackets > 0 && suspectLine >= 0 && position >= suspectLine ? suspectBracket : -1;
  }

  void next() {
    if (pendingOutdents > 0) {
      pendingOutdents--;
      set(Token.OUTDENT, pos);
      return;
    }
    if (atLineStart) {
      atLineStart = false;
      firstOnLine = true;
      if (indentation()) {
        return;
      }
    } else {
      firstOnLine = token == Token.INDENT || token == Token.OUTDENT;
    }
    skipBlanks();
    start = pos;
    if (brackets > 0 && firstOnLine) {
      checkContinuation();
    }
    if (pos == text.length()) {
      endOfFile();
    } else {
      scan(text.charAt(pos));
      end = pos;
    }
  }

  /// Gives up the statement that began at `statement` in the block of depth `depth`, and stands
  /// before the next line that is not indented more deeply, so that [#next] reads from there.
  void recover(int statement, int depth) {
    int column = indents[depth - 1];
    int at = resumption(statement);
    while (at < text.length() && !resumesAt(at, column)) {
      at = nextLine(at);
    }
    pos = at;
    brackets = 0;
    atLineStart = true;
    indentCount = depth;
    pendingOutdents = 0;
    token = Token.NEWLINE;
  }

  private int resumption(int statement) {
    if (forgottenBracket(start) >= 0) {
      return lineStart(suspectLine);
    }
    boolean here = firstOnLine && start > statement && token != Token.INDENT;
    return here ? lineStart(start) : nextLine(token == Token.NEWLINE ? start : end);
  }

  /// Remembers the first line inside brackets that looks as if it began a statement.
  private void checkContinuation() {
    boolean indented = pos - lineStart(pos) > indents[indentCount - 1];
    boolean closes = pos < text.length() && ")]}".indexOf(text.charAt(pos)) >= 0;
    if (suspectLine < 0 && !indented && !closes) {
      suspectLine = pos;
      suspectBracket = openBrackets[Math.min(brackets, openBrackets.length) - 1];
    }
  }

  private boolean resumesAt(int lineStart, int column) {
    int at = lineStart;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    return at - lineStart <= column
        && at < text.length()
        && "\n#)]}".indexOf(text.charAt(at)) < 0
        && !text.startsWith("else", at)
        && !text.startsWith("elif", at);
  }

  private int lineStart(int offset) {
    return text.lastIndexOf('\n', offset - 1) + 1;
  }

  private int nextLine(int offset) {
    int newline = text.indexOf('\n', offset);
    return newline < 0 ? text.length() : newline + 1;
  }

  private void set(Token token, int at) {
    this.token = token;
    start = at;
    end = at;
  }

  private void endOfFile() {
    if (token != Token.NEWLINE && token != Token.OUTDENT && token != Token.EOF) {
      set(Token.NEWLINE, pos);
    } else if (indentCount > 1) {
      indentCount--;
      set(Token.OUTDENT, pos);
    } else {
      set(Token.EOF, pos);
    }
  }

  /// Measures the indentation of the next line that has code, and says whether that made a token.
  private boolean indentation() {
    int column = 0;
    while (pos < text.length()) {
      char c = text.charAt(pos);
      if (c == ' ') {
        column++;
      } else if (c == '\t') {
        errors.add(pos, "tabs are not allowed in indentation, use spaces");
        column += 8 - column % 8;
      } else if (c == '#') {
        pos = nextLine(pos);
        column = 0;
        continue;
      } else if (c == '\n') {
        column = 0;
      } else {
        break;
      }
      pos++;
    }
    return pos < text.length() && indentTo(column);
  }

  private boolean indentTo(int column) {
    int current = indents[indentCount - 1];
    if (column == current) {
      return false;
    }
    if (column > current) {
      if (indentCount > MAX_INDENTATIONS) {
        errors.add(pos, "blocks are nested too deeply");
        return false;
      }
      indents[indentCount++] = column;
      set(Token.INDENT, pos);
      return true;
    }
    while (column < indents[indentCount - 1]) {
      if (column > indents[indentCount - 2]) {
        errors.add(pos, "this indentation matches no enclosing block");
        indents[indentCount - 1] = column;
        break;
      }
      indentCount--;
      pendingOutdents++;
    }
    if (pendingOutdents == 0) {
      return false;
    }
    pendingOutdents--;
    set(Token.OUTDENT, pos);
    return true;
  }

  /// Skips spaces, comments and continued lines, and inside brackets also line ends.
  private void skipBlanks() {
    while (pos < text.length()) {
      char c = text.charAt(pos);
      if (c == ' ' || c == '\t') {
        pos++;
      } else if (c == '#') {
        int newline = text.indexOf('\n', pos);
        pos = newline < 0 ? text.length() : newline;
      } else if (c == '\n' && brackets > 0) {
        pos++;
        firstOnLine = true;
      } else if (c == '\\' && pos + 1 < text.length() && text.charAt(pos + 1) == '\n') {
        pos += 2;
      } else {
        return;
      }
    }
  }

  private void scan(char c) {
    if (isNameStart(c)) {
      nameOrLiteral(c);
    } else if (isDigit(pos) || (c == '.' && isDigit(pos + 1))) {
      literal(literals.number(pos));
    } else if (c == '"' || c == '\'') {
      literal(literals.string(pos, pos));
    } else if (c == '\n') {
      pos++;
      atLineStart = true;
      token = Token.NEWLINE;
    } else if (Character.isHighSurrogate(c) && Character.isLetter(text.codePointAt(pos))) {
      name();
    } else {
      punctuation(c);
    }
  }

  private void literal(Token kind) {
    token = kind;
    value = literals.value;
    pos = literals.end;
  }

  private void nameOrLiteral(char c) {
    if (c == 'r' || c == 'b') {
      int quote = pos + 1;
      if (quote < text.length() && (text.charAt(quote) ^ c) == ('r' ^ 'b')) {
        quote++;
      }
      if (quote < text.length() && (text.charAt(quote) == '"' || text.charAt(quote) == '\'')) {
        literal(literals.string(pos, quote));
        return;
      }
    }
    name();
  }

  private void name() {
    while (pos < text.length()) {
      char c = text.charAt(pos);
      if (isNameStart(c) || isDigit(pos)) {
        pos++;
      } else if (c > 127 && Character.isLetterOrDigit(text.codePointAt(pos))) {
        pos += Character.charCount(text.codePointAt(pos));
      } else {
        break;
      }
    }
    String name = text.substring(start, pos);
    value = name;
    Token keyword = KEYWORDS.get(name);
    if (keyword != null) {
      token = keyword;
    } else {
      token = RESERVED.contains(name) ? Token.RESERVED : Token.IDENTIFIER;
    }
  }

  private static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '_'
        || (c > 127 && Character.isLetter(c));
  }

  private boolean isDigit(int at) {
    return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  private void punctuation(char c) {
    switch (c) {
      case '+' -> operator(Token.PLUS, Token.PLUS_EQUALS);
      case '-' -> operator(Token.MINUS, Token.MINUS_EQUALS);
      case '%' -> operator(Token.PERCENT, Token.PERCENT_EQUALS);
      case '&' -> operator(Token.AMPERSAND, Token.AMPERSAND_EQUALS);
      case '|' -> operator(Token.PIPE, Token.PIPE_EQUALS);
      case '^' -> operator(Token.CARET, Token.CARET_EQUALS);
      case '=' -> operator(Token.EQUALS, Token.EQUALS_EQUALS);
      case '*' -> doubled(c, Token.STAR, Token.STAR_EQUALS, Token.STAR_STAR, Token.STAR_STAR);
      case '/' ->
          doubled(c, Token.SLASH, Token.SLASH_EQUALS, Token.SLASH_SLASH, Token.SLASH_SLASH_EQUALS);
      case '<' ->
          doubled(c, Token.LESS, Token.LESS_EQUALS, Token.LESS_LESS, Token.LESS_LESS_EQUALS);
      case '>' ->
          doubled(
              c,
              Token.GREATER,
              Token.GREATER_EQUALS,
              Token.GREATER_GREATER,
              Token.GREATER_GREATER_EQUALS);
      case '!' -> notEquals();
      case '(', '[', '{' -> open(c);
      case ')', ']', '}' -> close(c);
      case '.' -> single(Token.DOT);
      case ',' -> single(Token.COMMA);
      case ';' -> single(Token.SEMICOLON);
      case ':' -> single(Token.COLON);
      case '~' -> single(Token.TILDE);
      default -> illegal();
    }
  }

  private void single(Token kind) {
    token = kind;
    pos++;
  }

  private void operator(Token plain, Token withEquals) {
    pos++;
    if (at('=')) {
      pos++;
      token = withEquals;
    } else {
      token = plain;
    }
  }

  private void doubled(char c, Token one, Token oneEquals, Token two, Token twoEquals) {
    pos++;
    if (at(c)) {
      if (two == twoEquals) {
        single(two);
      } else {
        operator(two, twoEquals);
      }
    } else if (at('=')) {
      single(oneEquals);
    } else {
      token = one;
    }
  }

  private boolean at(char c) {
    return pos < text.length() && text.charAt(pos) == c;
  }

  private void notEquals() {
    pos++;
    if (!at('=')) {
      errors.add(start, "unexpected '!' (write 'not')");
    } else {
      pos++;
    }
    token = Token.NOT_EQUALS;
  }

  private void open(char c) {
    if (brackets == 0) {
      suspectLine = -1;
    }
    if (brackets < openBrackets.length) {
      openBrackets[brackets] = pos;
    }
    brackets++;
    single(
        switch (c) {
          case '(' -> Token.LEFT_PAREN;
          case '[' -> Token.LEFT_BRACKET;
          default -> Token.LEFT_BRACE;
        });
  }

  private void close(char c) {
    if (brackets > 0) {
      brackets--;
    }
    single(
        switch (c) {
          case ')' -> Token.RIGHT_PAREN;
          case ']' -> Token.RIGHT_BRACKET;
          default -> Token.RIGHT_BRACE;
        });
  }

  private void illegal() {
    int codePoint = text.codePointAt(pos);
    String shown =
        Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE
            ? String.format("U+%04X", codePoint)
            : "'" + Character.toString(codePoint) + "'";
    errors.add(pos, "unexpected character " + shown);
    token = Token.RESERVED;
    value = shown;
    pos += Character.charCount(codePoint);
  }

  private static Map<String, Token> keywords() {
    Map<String, Token> keywords = new HashMap<>();
    Arrays.stream(Token.values())
        .filter(Token::isKeyword)
        .forEach(token -> keywords.put(token.text, token));
    return keywords;
  }
}
