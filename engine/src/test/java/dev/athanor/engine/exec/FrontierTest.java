package dev.athanor.engine.exec;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.testing.ConcatType;
import dev.athanor.engine.testing.TestBuilds;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrontierTest {
  private final ConcatType concat = new ConcatType();

  /// ```
  /// s ─▶ a ─▶ b ─▶ d
  /// t ─▶ c ───┘
  /// ```
  private final Plan plan =
      new TestBuilds()
          .plan(
              List.of(
                  concat.action("a", "", source("s")),
                  concat.action("b", "", ConcatType.output("a"), ConcatType.output("c")),
                  concat.action("c", "", source("t")),
                  concat.action("d", "", ConcatType.output("b"))),
              "d");

  private static Artifact source(String name) {
    return new Artifact.Source(RelativePath.of(name));
  }

  private int number(String name) {
    for (int i = 0; i < plan.actionCount(); i++) {
      if (plan.action(i).owner().name().equals(name)) {
        return i;
      }
    }
    throw new AssertionError(name);
  }

  private List<String> names(int... actions) {
    List<String> names = new ArrayList<>();
    for (int action : actions) {
      names.add(plan.action(action).owner().name());
    }
    return names;
  }

  private BuildState valid(int millis) {
    BuildState state = BuildState.empty(plan);
    for (int i = 0; i < plan.actionCount(); i++) {
      Action action = plan.action(i);
      List<Content> contents =
          action.outputs().stream()
              .<Content>map(_ -> new Content.File(Digest.EMPTY, false))
              .toList();
      state.setResult(i, Digest.EMPTY, contents);
      state.setRun(i, millis, 0);
    }
    return state;
  }

  private BitSet doubtful(String name) {
    BitSet doubtful = new BitSet();
    for (int i = 0; i < plan.sourceCount(); i++) {
      doubtful.set(i, plan.watchPath(i).equals(name));
    }
    return doubtful;
  }

  @Test
  void of_nothingKnown_isEverything() {
    Frontier frontier = Frontier.of(plan, BuildState.empty(plan), new BitSet());

    assertThat(frontier.size()).isEqualTo(4);
    assertThat(names(frontier.ready())).containsExactly("a", "c");
  }

  @Test
  void of_nothingChanged_isEmpty() {
    assertThat(Frontier.of(plan, valid(1), new BitSet()).size()).isEqualTo(0);
  }

  @Test
  void of_doubtfulSource_isItsCone() {
    Frontier frontier = Frontier.of(plan, valid(1), doubtful("t"));

    assertThat(names(frontier.actions().stream().toArray())).containsExactly("c", "b", "d");
    assertThat(names(frontier.ready())).containsExactly("c");
    assertThat(frontier.arrive(number("b"))).isTrue();
  }

  @Test
  void of_invalidAction_isItsCone() {
    BuildState state = valid(1);
    state.setValid(number("b"), false);

    Frontier frontier = Frontier.of(plan, state, new BitSet());

    assertThat(names(frontier.actions().stream().toArray())).containsExactly("b", "d");
  }

  @Test
  void urgency_isTheTimeToTheEnd() {
    BuildState state = valid(10);
    state.setValid(number("a"), false);
    state.setValid(number("c"), false);

    Frontier frontier = Frontier.of(plan, state, new BitSet());

    assertThat(frontier.urgency(number("d"))).isEqualTo(10);
    assertThat(frontier.urgency(number("a"))).isEqualTo(30);
  }

  @Test
  void giveUp_isNewsOnce() {
    Frontier frontier = Frontier.of(plan, BuildState.empty(plan), new BitSet());

    assertThat(frontier.giveUp(number("b"))).isTrue();
    assertThat(frontier.giveUp(number("b"))).isFalse();
    assertThat(frontier.arrive(number("b"))).isFalse();
  }
}
