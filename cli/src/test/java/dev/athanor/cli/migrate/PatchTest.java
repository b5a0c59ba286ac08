package dev.athanor.cli.migrate;

import static com.google.common.truth.Truth.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PatchTest {
  private static String numbered(String word, int count) {
    return IntStream.range(0, count).mapToObj(i -> word + i + "\n").collect(Collectors.joining());
  }

  @Test
  void changesInTheMiddle_haveTheirLines() {
    assertThat(Patch.of("a", "1\n2\n3\n4\n5\n6\n", "b", "1\n2\n3\nx\n5\n6\n"))
        .isEqualTo("--- a\n+++ b\n@@ -2,5 +2,5 @@\n 2\n 3\n-4\n+x\n 5\n 6\n");
  }

  /// A line between two that differ is not taken for a new one.
  @Test
  void commonLinesBetween_areKept() {
    assertThat(Patch.of("a", "a\nsame\nb\n", "b", "c\nsame\nd\n"))
        .isEqualTo("--- a\n+++ b\n@@ -1,3 +1,3 @@\n-a\n+c\n same\n-b\n+d\n");
  }

  @Test
  void oneChangeInManyLines_costsNoTable() {
    String head = numbered("h", 100_000);
    String tail = numbered("t", 100_000);

    assertThat(Patch.of("a", head + "x\n" + tail, "b", head + "y\n" + tail))
        .isEqualTo("--- a\n+++ b\n@@ -99999,5 +99999,5 @@\n h99998\n h99999\n-x\n+y\n t0\n t1\n");
  }

  @Test
  void beyondTheBound_theMiddleIsRemovedAndAdded() {
    String before = numbered("a", 50_000) + "same\n" + numbered("b", 50_000);
    String after = numbered("c", 50_000) + "same\n" + numbered("d", 50_000);

    String patch = Patch.of("a", before, "b", after);

    assertThat(patch).contains("@@ -1,100001 +1,100001 @@\n-a0\n");
    assertThat(patch).contains("\n-b49999\n+c0\n");
    assertThat(patch).contains("\n+same\n");
  }
}
