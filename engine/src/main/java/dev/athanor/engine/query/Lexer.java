package dev.athanor.engine.query;

import dev.athanor.engine.query.Token.Kind;
import dev.athanor.engine.starlark.syntax.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Divides a query into tokens.
///
/// A `-` or `*` can stand within a word but not begin one, so that `a - b` and `//... -//a` take
/// away, while `my-app` is one name. A `+` or `=` belongs to a word only in quotes.
final class Lexer {
  private static final Map<String, Kind> KEYWORDS =
      Map.of(
          "let", Kind.LET,
          "in", Kind.IN,
          "set", Kind.SET,
          "union", Kind.UNION,
          "intersect", Kind.INTERSECT,
          "except", Kind.EXCEPT);

  private static final String WORD_PUNCTUATION = "/@._:$#%~![]{}|;<>?&\\-*";
  private static final String NOT_FIRST = "-*";

  private final Source source;
  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private Lexer(Source source) {
    this.source = source;
    this.text = source.text();
  }

  /// The tokens in order, with an [Kind#END] at the end.
  static List<Token> tokens(Source source) {
    return new Lexer(source).run();
  }

  static boolean isKeyword(String word) {
    return KEYWORDS.containsKey(word);
  }

  /// Whether `text` is one word that needs no quotes.
  static boolean isWord(String text) {
    return !text.isEmpty()
        && !isKeyword(text)
        && NOT_FIRST.indexOf(text.charAt(0)) < 0
        && text.chars().allMatch(c -> isWordPart((char) c));
  }

  private List<Token> run() {
    while (at < text.length()) {
      char c = text.charAt(at);
      switch (c) {
        case ' ', '\t', '\n' -> at++;
        case '(' -> symbol(Kind.LEFT);
        case ')' -> symbol(Kind.RIGHT);
        case ',' -> symbol(Kind.COMMA);
        case '=' -> symbol(Kind.EQUALS);
        case '+' -> symbol(Kind.UNION);
        case '^' -> symbol(Kind.INTERSECT);
        case '-' -> symbol(Kind.EXCEPT);
        case '"', '\'' -> quoted(c);
        default -> word(c);
      }
    }
    tokens.add(new Token(Kind.END, "", at));
    return tokens;
  }

  private void symbol(Kind kind) {
    tokens.add(new Token(kind, text.substring(at, at + 1), at));
    at++;
  }

  private void quoted(char quote) {
    int end = text.indexOf(quote, at + 1);
    if (end < 0) {
      throw new QueryException(source, at, "this quote is not closed", "add a " + quote);
    }
    tokens.add(new Token(Kind.QUOTED, text.substring(at + 1, end), at));
    at = end + 1;
  }

  private void word(char first) {
    if (!isWordPart(first) || NOT_FIRST.indexOf(first) >= 0) {
      throw new QueryException(
          source,
          at,
          "a word cannot begin with '" + first + "'",
          "put it in quotes: \"" + first + "...\"");
    }
    int start = at;
    while (at < text.length() && isWordPart(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at);
    tokens.add(new Token(KEYWORDS.getOrDefault(word, Kind.WORD), word, start));
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || WORD_PUNCTUATION.indexOf(c) >= 0;
  }
}
