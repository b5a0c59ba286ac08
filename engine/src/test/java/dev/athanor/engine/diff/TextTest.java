package dev.athanor.engine.diff;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.engine.diff.Compared.utf8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TextTest {
  private static List<String> lines(String before, String after) throws IOException {
    return Compared.lines(utf8(before), utf8(after), List.of());
  }

  private static String numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> i + "\n").collect(Collectors.joining());
  }

  @Test
  void lines_areShownWithSomeAround() throws IOException {
    assertThat(lines("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nX\ne\nf\n"))
        .containsExactly("line 4 TEXT b\nc\nd\ne\nf → b\nc\nX\ne\nf");
  }

  @Test
  void linesThatCameOrWent_areOnOneSide() throws IOException {
    assertThat(lines("a\nb\nc\n", "a\nc\n")).containsExactly("line 2 TEXT a\nb\nc → a\nc");
    assertThat(lines("a\nc\n", "a\nb\nc\n")).containsExactly("line 2 TEXT a\nc → a\nb\nc");
  }

  @Test
  void eachPlace_isAHunkOfItsOwn() throws IOException {
    String before = numbers(0, 30);
    String after = before.replace("5\n6\n", "five\n6\n").replace("20\n", "");
    assertThat(lines(before, after))
        .containsExactly(
            "line 6 TEXT 3\n4\n5\n6\n7 → 3\n4\nfive\n6\n7",
            "line 21 TEXT 18\n19\n20\n21\n22 → 18\n19\n21\n22")
        .inOrder();
  }

  @Test
  void sameLinesInAnotherOrder_differInOrder() throws IOException {
    assertThat(lines("x\na\nb\nc\n", "x\nc\na\nb\n").getFirst()).startsWith("line 2 ORDER");
  }

  @Test
  void blanksAndLineEndsAtTheEnd_areSeen() throws IOException {
    assertThat(lines("a\nb \n", "a\nb\n")).containsExactly("line 2 TEXT a\nb  → a\nb");
    assertThat(lines("a\nb\n", "a\nb")).containsExactly("line 3 TEXT a\nb\n → a\nb");
    assertThat(lines("a\r\n", "a\n")).containsExactly("line 1 TEXT a\\x0d → a");
  }

  @Test
  void manyHunks_areCounted() throws IOException {
    String before = numbers(0, 1000);
    String after = before.replace("5\n", "five\n");
    Differences found = Compared.of(utf8(before), utf8(after), List.of());
    assertThat(found.list()).hasSize(10);
    assertThat(found.leftOut()).isEqualTo(90);
  }

  @Test
  void longLines_areCutWhereTheyDiffer() throws IOException {
    String same = "s".repeat(5000);
    assertThat(lines(same + "/tmp/a" + same, same + "/tmp/b" + same))
        .containsExactly(
            "line 1 TEXT …%1$s/tmp/a%2$s… → …%1$s/tmp/b%2$s…"
                .formatted("s".repeat(35), "s".repeat(118)));
  }

  @Test
  void largeTexts_showTheFirstLineThatDiffers() throws IOException {
    String before = numbers(0, 1_000_000);
    assertThat(lines(before, before.replace("\n900000\n", "\nhere\n")))
        .containsExactly(
            "byte 6188883 TEXT 899999\n900000\n900001\n900002 → 899999\nhere\n900001\n900002");
  }

  @Test
  void quiteOtherTexts_areOneHunk() throws IOException {
    Differences found =
        Compared.of(utf8(numbers(0, 5000)), utf8(numbers(10_000, 15_000)), List.of());
    assertThat(found.list()).hasSize(1);
    assertThat(found.list().getFirst().before()).contains("… 4988 more lines");
  }

  /// Whatever hunks are found: taking their lines for those before gives the text after.
  @Test
  void randomEdits_areFound() {
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      List<String> before = List.of(randomLines(random).split("\n", -1));
      List<String> after = List.of(randomLines(random).split("\n", -1));
      List<String> changed = new ArrayList<>(before);
      for (Hunk hunk : LineHunks.of(before, after).reversed()) {
        int start = hunk.line() - 1 - hunk.lead();
        List<String> was = shown(hunk.before());
        assertThat(changed.subList(start, start + was.size())).isEqualTo(was);
        changed.subList(start, start + was.size()).clear();
        changed.addAll(start, shown(hunk.after()));
      }
      assertThat(changed).isEqualTo(after);
    }
  }

  private static List<String> shown(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split("\n", -1));
  }

  private static String randomLines(Random random) {
    return random
        .ints(random.nextInt(12), 0, 4)
        .mapToObj(x -> x + "\n")
        .collect(Collectors.joining());
  }
}
