package dev.athanor.engine.exec;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.testing.ConcatType;
import dev.athanor.engine.testing.TestBuilds;
import dev.athanor.engine.tree.RelativePath;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Builds in which the same action is there for several platforms.
@Timeout(60)
final class PlatformsTest {
  private static final Artifact.Source SOURCE = new Artifact.Source(RelativePath.of("source"));
  private static final List<String> PLATFORMS =
      List.of("linux/amd64", "linux/arm64", "linux/arm/v7");

  private final TestBuilds builds = new TestBuilds();
  private final ConcatType concat = new ConcatType();

  private Action.Builtin on(String platform, Action.Builtin action) {
    return new Action.Builtin(
        action.owner(),
        action.type(),
        action.params(),
        action.inputs(),
        action.outputs().stream().map(output -> output.on(platform)).toList());
  }

  /// `part` for each platform, with a prefix that may tell them apart, and `all` of these.
  private List<Action> actions(boolean alike) {
    List<Action> actions = new ArrayList<>();
    List<Artifact> parts = new ArrayList<>();
    for (String platform : PLATFORMS) {
      Action.Builtin part =
          on(platform, concat.action("part", alike ? "x" : platform.substring(6), SOURCE));
      actions.add(part);
      parts.add(part.outputs().getFirst());
    }
    actions.add(concat.action("all", "", parts.toArray(Artifact[]::new)));
    return actions;
  }

  @Test
  void sameForAll_runsOnce() throws Exception {
    builds.sources.put("source", "!");

    BuildResult result = builds.build(actions(true), "all");

    assertThat(builds.text(result, "all")).isEqualTo("x!x!x!");
    assertThat(concat.takeRuns()).containsExactly("all", "part");
    assertThat(result.summary().executed()).isEqualTo(2);
    assertThat(result.summary().cached()).isEqualTo(2);
  }

  /// Inputs that differ in nothing but their platform are kept apart.
  @Test
  void differentForEach_allRun_andAreAllInTheKey() throws Exception {
    builds.sources.put("source", "!");
    BuildResult result = builds.build(actions(false), "all");

    assertThat(builds.text(result, "all")).isEqualTo("amd64!arm64!arm/v7!");
    assertThat(concat.takeRuns()).containsExactly("all", "part", "part", "part");

    List<Action> swapped = new ArrayList<>(actions(false));
    swapped.set(1, on(PLATFORMS.get(1), concat.action("part", "other", SOURCE)));
    assertThat(builds.text(builds.build(swapped, "all"), "all")).isEqualTo("amd64!other!arm/v7!");
    assertThat(concat.takeRuns()).containsExactly("all", "part");
  }

  @Test
  void failure_reachesAll_whetherTheBuildGoesOnOrNot() throws Exception {
    builds.sources.put("source", "FAIL");

    BuildResult going = builds.build(stateOf(actions(true)), true);
    assertThat(concat.takeRuns()).containsExactly("part");
    assertThat(going.summary().failed()).isEqualTo(3);
    assertThat(going.summary().skipped()).isEqualTo(1);

    BuildResult stopped = builds.build(stateOf(actions(true)), false);
    assertThat(stopped.summary().failed()).isAtLeast(1);
    assertThat(stopped.summary().failed() + stopped.summary().skipped()).isEqualTo(4);
  }

  private BuildState stateOf(List<Action> actions) {
    return BuildState.empty(builds.plan(actions, "all"));
  }

  @Test
  void plan_keepsPlatforms_andNamesActionsApart() {
    Plan plan = builds.plan(actions(true), "all");

    assertThat(plan.actionsByName()).hasSize(4);
    assertThat(plan.actionsByName().keySet())
        .containsExactly(
            "out/all", "out@linux+amd64/part", "out@linux+arm64/part", "out@linux+arm+v7/part");
    List<Artifact.Derived> outputs = new ArrayList<>();
    for (int output = 0; output < plan.outputCount(); output++) {
      outputs.add(plan.output(output));
    }
    assertThat(outputs).contains(ConcatType.output("part").on("linux/arm/v7"));
    assertThat(outputs).contains(ConcatType.output("all"));
    assertThat(plan.action(0).describe()).isEqualTo("concat //:part for linux/amd64");
  }
}
