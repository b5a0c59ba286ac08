package dev.athanor.engine.verify;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import dev.athanor.engine.diff.Difference;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.exec.Circumstances;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Rerun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SearchTest {
  private static final Set<Factor> ALL = Factor.setOf(EnumSet.allOf(Factor.class));

  /// How often the action of the last search ran.
  private int runs;

  /// What an action leaves is a text here, and failing with it stands for making it.
  private Explanation search(Function<Set<Factor>, String> action, Aspect aspect)
      throws IOException, InterruptedException {
    runs = 0;
    return new Search(
            varied -> {
              runs++;
              return new Rerun.Failed(action.apply(varied), "");
            },
            ALL,
            new Rerun.Failed(action.apply(Set.of()), ""),
            (before, after) -> differences(text(before), text(after), aspect))
        .run();
  }

  private static String text(Rerun rerun) {
    return ((Rerun.Failed) rerun).message();
  }

  /// Word by word.
  private static List<Difference> differences(String before, String after, Aspect aspect) {
    List<String> old = List.of(before.split(" ", -1));
    List<String> now = List.of(after.split(" ", -1));
    List<Difference> differences = new ArrayList<>();
    for (int i = 0; i < Math.max(old.size(), now.size()); i++) {
      String was = i < old.size() ? old.get(i) : "";
      String is = i < now.size() ? now.get(i) : "";
      if (!was.equals(is)) {
        differences.add(new Difference(List.of("out"), aspect, was, is));
      }
    }
    return differences;
  }

  private static List<Set<Factor>> factors(Explanation explanation) {
    return explanation.causes().stream().map(Cause::factors).toList();
  }

  @Test
  void whatIsStable_runsOnce() throws Exception {
    Explanation explanation = search(varied -> "always", Aspect.TEXT);
    assertThat(explanation.stable()).isTrue();
    assertThat(runs).isEqualTo(1);
  }

  @Test
  void whatShows_takesTwoRuns() throws Exception {
    Explanation explanation =
        search(
            varied -> varied.contains(Factor.HOST_NAME) ? Circumstances.HOST_NAME : "athanor",
            Aspect.TEXT);
    assertThat(factors(explanation)).containsExactly(Set.of(Factor.HOST_NAME));
    assertThat(runs).isEqualTo(2);
  }

  @Test
  void severalThatShow_takeTwoRuns_andEachHasItsDifferences() throws Exception {
    Explanation explanation =
        search(
            varied ->
                (varied.contains(Factor.HOST_NAME) ? Circumstances.HOST_NAME : "athanor")
                    + " and "
                    + (varied.contains(Factor.HOME) ? Circumstances.HOME : "/nonexistent"),
            Aspect.TEXT);
    assertThat(factors(explanation)).containsExactly(Set.of(Factor.HOST_NAME), Set.of(Factor.HOME));
    assertThat(explanation.causes().getFirst().differences()).hasSize(1);
    assertThat(explanation.causes().getFirst().differences().getFirst().after())
        .isEqualTo(Circumstances.HOST_NAME);
    assertThat(runs).isEqualTo(2);
  }

  @Test
  void oneThatIsLikely_besidesThoseThatShow_takesThreeRuns() throws Exception {
    Explanation explanation =
        search(
            varied ->
                (varied.contains(Factor.HOST_NAME) ? Circumstances.HOST_NAME : "athanor")
                    + " "
                    + (varied.contains(Factor.UMASK) ? "640" : "644"),
            Aspect.MODE);
    assertThat(factors(explanation))
        .containsExactly(Set.of(Factor.HOST_NAME), Set.of(Factor.UMASK));
    assertThat(runs).isEqualTo(3);
  }

  @Test
  void whatIsLikely_takesTwoRuns() throws Exception {
    Explanation explanation =
        search(varied -> varied.contains(Factor.UMASK) ? "640" : "644", Aspect.MODE);
    assertThat(factors(explanation)).containsExactly(Set.of(Factor.UMASK));
    assertThat(runs).isEqualTo(2);
  }

  @Test
  void everySingleFactor_isFoundWithoutClues() throws Exception {
    for (Factor factor : Factor.values()) {
      Explanation explanation =
          search(varied -> varied.contains(factor) ? "b" : "a", Aspect.PRESENCE);
      assertWithMessage("%s", factor).that(factors(explanation)).containsExactly(Set.of(factor));
      assertThat(explanation.causes().getFirst().kind()).isEqualTo(Cause.Kind.CIRCUMSTANCE);
      assertThat(runs).isAtMost(8);
    }
  }

  @Test
  void everyPair_isFound_whetherTogetherOrEachForItself() throws Exception {
    for (Factor one : Factor.values()) {
      for (Factor two : Factor.values()) {
        if (one.compareTo(two) < 0) {
          Explanation together =
              search(varied -> varied.containsAll(Set.of(one, two)) ? "b" : "a", Aspect.PRESENCE);
          assertThat(factors(together)).containsExactly(Set.of(one, two));
          Explanation each =
              search(
                  varied ->
                      (varied.contains(one) ? "b" : "a") + " " + (varied.contains(two) ? "b" : "a"),
                  Aspect.PRESENCE);
          assertThat(factors(each)).containsExactly(Set.of(one), Set.of(two));
        }
      }
    }
  }

  @Test
  void noiseThatCanBeHeld_isNamed() throws Exception {
    for (Factor noise : List.of(Factor.TIME, Factor.RANDOMNESS, Factor.PROCESSORS)) {
      Random random = new Random(1);
      Explanation explanation =
          search(
              varied -> varied.contains(noise) ? "held" : "" + (char) ('a' + random.nextInt(20)),
              Aspect.PRESENCE);
      assertThat(factors(explanation)).containsExactly(Set.of(noise));
      assertThat(explanation.causes().getFirst().kind()).isEqualTo(Cause.Kind.REPETITION);
    }
  }

  @Test
  void noiseAndSomethingElse_areBothNamed() throws Exception {
    for (Factor factor :
        EnumSet.complementOf(EnumSet.of(Factor.TIME, Factor.RANDOMNESS, Factor.PROCESSORS))) {
      Random random = new Random(1);
      Explanation explanation =
          search(
              varied ->
                  (varied.contains(Factor.RANDOMNESS) ? "held" : "" + random.nextInt())
                      + (varied.contains(factor) ? "b" : "a"),
              Aspect.PRESENCE);
      assertWithMessage("%s", factor)
          .that(factors(explanation).stream().anyMatch(set -> set.contains(Factor.RANDOMNESS)))
          .isTrue();
      assertWithMessage("%s", factor)
          .that(factors(explanation).stream().anyMatch(set -> set.contains(factor)))
          .isTrue();
    }
  }

  @Test
  void noiseThatNothingHolds_isChance() throws Exception {
    Random random = new Random(1);
    Explanation explanation = search(varied -> "" + random.nextInt(), Aspect.PRESENCE);
    assertThat(explanation.causes()).hasSize(1);
    assertThat(explanation.causes().getFirst().kind()).isEqualTo(Cause.Kind.CHANCE);
    assertThat(explanation.causes().getFirst().factors()).isEmpty();
    assertThat(runs).isAtMost(4);
  }

  @Test
  void wrongClue_isNotBelieved() throws Exception {
    Explanation explanation =
        search(varied -> varied.contains(Factor.KERNEL) ? "600" : "644", Aspect.MODE);
    assertThat(factors(explanation)).containsExactly(Set.of(Factor.KERNEL));
  }
}
