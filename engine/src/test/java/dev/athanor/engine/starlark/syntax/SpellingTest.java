package dev.athanor.engine.starlark.syntax;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SpellingTest {
  private static final List<String> NAMES = List.of("srcs", "deps", "name", "visibility");

  @Test
  void suggest_findsTheNearest() {
    assertThat(Spelling.suggest("src", NAMES)).isEqualTo("srcs");
    assertThat(Spelling.suggest("visiblity", NAMES)).isEqualTo("visibility");
    assertThat(Spelling.suggest("NAME", NAMES)).isEqualTo("name");
  }

  @Test
  void suggest_isSilentAboutStrangers() {
    assertThat(Spelling.suggest("x", NAMES)).isNull();
    assertThat(Spelling.suggest("completely_different", NAMES)).isNull();
    assertThat(Spelling.suggest("a".repeat(1000), NAMES)).isNull();
    assertThat(Spelling.hint("x", NAMES)).isEmpty();
  }

  @Test
  void suggest_doesNotDependOnTheOrder() {
    assertThat(Spelling.suggest("aax", List.of("aac", "aab")))
        .isEqualTo(Spelling.suggest("aax", List.of("aab", "aac")));
  }
}
