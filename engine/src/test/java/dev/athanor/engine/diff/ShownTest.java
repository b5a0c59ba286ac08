package dev.athanor.engine.diff;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ShownTest {
  @Test
  void shortOutput_staysAsItIs() {
    assertThat(Shown.lastLines("")).isEmpty();
    assertThat(Shown.lastLines("one\n\ttwo\r\n")).isEqualTo("one\n\ttwo");
    assertThat(Shown.lastLines("one\r\ntwo\n")).isEqualTo("one\ntwo");
  }

  @Test
  void terminals_areNotObeyed() {
    assertThat(Shown.lastLines("a\u001b[31mb\u0007\rc\u009b"))
        .isEqualTo("a\\x1b[31mb\\x07\\x0dc\\x9b");
  }

  @Test
  void ofLongOutput_theEndStays() {
    String numbers = IntStream.range(0, 100).mapToObj(i -> i + "\n").collect(Collectors.joining());
    List<String> lines = Shown.lastLines(numbers).lines().toList();
    assertThat(lines).hasSize(21);
    assertThat(lines.getFirst()).isEqualTo("…");
    assertThat(lines.get(1)).isEqualTo("80");
    assertThat(lines.getLast()).isEqualTo("99");
  }

  @Test
  void longLines_areCutAlsoWhereEscapesMakeThemLong() {
    assertThat(Shown.lastLines("x".repeat(5000) + "end"))
        .isEqualTo("…\n" + "x".repeat(1997) + "end");
    assertThat(Shown.lastLines("\u001b".repeat(1999) + "e")).hasLength(2002);
    assertThat(Shown.lastLines("\u001b".repeat(1999) + "e")).endsWith("\\x1be");
    // Not in the middle of a character.
    assertThat(Shown.lastLines("😀" + "x".repeat(1999))).isEqualTo("…\n" + "x".repeat(1999));
  }
}
