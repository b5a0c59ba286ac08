package dev.athanor.engine.diff;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.diff.Difference.Aspect;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DifferenceTextTest {
  private static List<String> lines(Aspect aspect, String before, String after, String... where) {
    return DifferenceText.lines(new Difference(List.of(where), aspect, before, after));
  }

  @Test
  void values_areOneLine() {
    assertThat(lines(Aspect.TIME, "1", "2", "gzip", "mtime"))
        .containsExactly("gzip › mtime: 1 → 2");
    assertThat(lines(Aspect.BUILD_ID, "", "2")).containsExactly("build id: (none) → 2");
  }

  @Test
  void whatOnlyOneSideHas_cameOrIsGone() {
    assertThat(lines(Aspect.PRESENCE, "", "3 bytes", "x")).containsExactly("x, came: 3 bytes");
    assertThat(lines(Aspect.PRESENCE, "3 bytes", "", "x")).containsExactly("x, gone: 3 bytes");
  }

  @Test
  void lines_areThereOnceWhereTheyAreTheSame() {
    assertThat(lines(Aspect.TEXT, "a\nb\nc", "a\nx\ny\nc", "line 2"))
        .containsExactly("line 2:", "    a", "  - b", "  + x", "  + y", "    c")
        .inOrder();
  }

  @Test
  void whatIsLeftOut_isCounted() {
    assertThat(DifferenceText.lines(new Differences(List.of(), 7))).containsExactly("and 7 more");
  }
}
