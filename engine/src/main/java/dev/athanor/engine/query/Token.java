package dev.athanor.engine.query;

/// A piece of a query.
///
/// @param text of a word, without its quotes
/// @param position its offset in the query
record Token(Kind kind, String text, int position) {
  /// What a token can be.
  enum Kind {
    /// Letters, digits and the punctuation of labels; never a keyword.
    WORD,
    /// A word in quotes, which may be anything.
    QUOTED,
    LET,
    IN,
    SET,
    UNION,
    INTERSECT,
    EXCEPT,
    LEFT,
    RIGHT,
    COMMA,
    EQUALS,
    END
  }

  boolean isWord() {
    return kind == Kind.WORD || kind == Kind.QUOTED;
  }

  /// For messages: as it was written, or nearly so.
  @Override
  public String toString() {
    return kind == Kind.END ? "the end of the query" : "'" + text + "'";
  }
}
