package dev.athanor.engine.starlark.syntax;

import static com.google.common.truth.Truth.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LexerTest {
  @Test
  void names_keywordsAndNumbers() {
    assertThat(scan("if x1 _y 0x1F 1.5e3 .5 \"s\" b'b'"))
        .containsExactly(
            "IF",
            "IDENTIFIER x1",
            "IDENTIFIER _y",
            "INT 31",
            "FLOAT 1500.0",
            "FLOAT 0.5",
            "STRING s",
            "BYTES b",
            "NEWLINE",
            "EOF")
        .inOrder();
  }

  @Test
  void punctuation_takesTheLongest() {
    assertThat(scan("//= ** <<= >= != | |="))
        .containsExactly(
            "SLASH_SLASH_EQUALS",
            "STAR_STAR",
            "LESS_LESS_EQUALS",
            "GREATER_EQUALS",
            "NOT_EQUALS",
            "PIPE",
            "PIPE_EQUALS",
            "NEWLINE",
            "EOF")
        .inOrder();
  }

  @Test
  void indentation_makesTokens() {
    assertThat(scan("a\n  b\n    c\n  # comment\n\n  d\ne"))
        .containsExactly(
            "IDENTIFIER a",
            "NEWLINE",
            "INDENT",
            "IDENTIFIER b",
            "NEWLINE",
            "INDENT",
            "IDENTIFIER c",
            "NEWLINE",
            "OUTDENT",
            "IDENTIFIER d",
            "NEWLINE",
            "OUTDENT",
            "IDENTIFIER e",
            "NEWLINE",
            "EOF")
        .inOrder();
  }

  @Test
  void endOfFile_closesBlocks() {
    assertThat(scan("a\n  b"))
        .containsExactly(
            "IDENTIFIER a", "NEWLINE", "INDENT", "IDENTIFIER b", "NEWLINE", "OUTDENT", "EOF")
        .inOrder();
  }

  @Test
  void brackets_hideLineEnds() {
    assertThat(scan("(a,\n    b\n)\nc"))
        .containsExactly(
            "LEFT_PAREN",
            "IDENTIFIER a",
            "COMMA",
            "IDENTIFIER b",
            "RIGHT_PAREN",
            "NEWLINE",
            "IDENTIFIER c",
            "NEWLINE",
            "EOF")
        .inOrder();
  }

  @Test
  void lineEnds_ofAllSystemsAreTheSame() {
    List<String> unix = scan("a\n'''x\ny'''\n");

    assertThat(scan("a\r\n'''x\r\ny'''\r\n")).isEqualTo(unix);
    assertThat(scan("a\r'''x\ry'''\r")).isEqualTo(unix);
    assertThat(scan("\uFEFFa\n'''x\ny'''\n")).isEqualTo(unix);
  }

  @Test
  void emptyFile_hasNoStatement() {
    assertThat(scan("")).containsExactly("EOF");
    assertThat(scan("\n\n  \n# c\n")).containsExactly("EOF");
  }

  private static List<String> scan(String text) {
    Source source = Source.of("x", text);
    Errors errors = new Errors(source);
    Lexer lexer = new Lexer(source, errors);
    List<String> tokens = new ArrayList<>();
    do {
      lexer.next();
      tokens.add(
          switch (lexer.token) {
            case IDENTIFIER, INT, FLOAT, STRING, BYTES -> lexer.token + " " + lexer.value;
            default -> lexer.token.name();
          });
    } while (lexer.token != Token.EOF);
    assertThat(errors.sorted()).isEmpty();
    return tokens;
  }
}
