package dev.athanor.engine.exec;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionType.Resource;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.history.BuildId;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.testing.ConcatType;
import dev.athanor.engine.testing.FakeSpawns;
import dev.athanor.engine.testing.TestBuilds;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Commands in a build, without any process.
final class CommandTest {
  private static final Artifact.Derived LOG = ConcatType.output("log");
  private static final Artifact.Derived FILE = ConcatType.output("file");

  private final TestBuilds builds = new TestBuilds();
  private final FakeSpawns spawns = new FakeSpawns(builds.blobs, 300L << 20);

  private static Action.Command command(Action.Needs needs) {
    return new Action.Command(
        Label.parseAbsolute("//:command"),
        "test",
        List.of("run"),
        new TreeMap<>(),
        List.of(),
        List.of(FILE, LOG),
        new ExecutionRoot.Host(List.of(), ""),
        false,
        Optional.empty(),
        needs,
        Optional.of(LOG));
  }

  private static Action.Needs attempts(int count) {
    return new Action.Needs(1, 0, count);
  }

  private BuildResult build(Action.Command command) throws InterruptedException {
    BuildState state = BuildState.empty(builds.plan(List.of(command), "file", "log"));
    return builds.with(spawns).build(state, false);
  }

  @Test
  void log_isAnOutput_thatTheCommandDoesNotMakeItself() throws Exception {
    BuildResult result = build(command(attempts(1)));

    assertThat(builds.text(result, "log")).isEqualTo("attempt 1\n");
    assertThat(spawns.requests.getFirst().outputs()).containsExactly(FILE.path());
    assertThat(spawns.requests.getFirst().oneStream()).isTrue();
  }

  @Test
  void failingCommand_isTriedAgain_asOftenAsItSays() throws Exception {
    BuildResult passed = build(command(attempts(3)), 1, 1);
    assertThat(passed.summary().success()).isTrue();
    assertThat(builds.text(passed, "log")).isEqualTo("attempt 3\n");

    BuildResult failed = build(command(attempts(3)), 1, 1, 7, 0);
    assertThat(failed.summary().failed()).isEqualTo(1);
    assertThat(builds.outcomes.get("command")).isInstanceOf(Outcome.Failed.class);
    if (builds.outcomes.get("command") instanceof Outcome.Failed outcome) {
      assertThat(outcome.message()).isEqualTo("exit code 7, the last of 3 attempts");
      assertThat(outcome.output()).isEqualTo("attempt 6\n");
      assertThat(outcome.command().orElseThrow().files().keySet())
          .containsExactly(FILE.path(), LOG.path());
    }
  }

  private BuildResult build(Action.Command command, int... codes) throws InterruptedException {
    spawns.ends(codes);
    return build(command);
  }

  @Test
  void successAfterAFailure_isNotRemembered() throws Exception {
    BuildResult first = build(command(attempts(2)), 1);
    assertThat(first.state().allValid()).isFalse();

    BuildResult again = builds.build(first.state(), false);
    assertThat(again.summary().executed()).isEqualTo(1);
    assertThat(again.state().allValid()).isTrue();

    assertThat(builds.build(again.state(), false).summary().executed()).isEqualTo(0);
  }

  /// A result that was made without a sandbox counts only where there is none.
  @Test
  void resultThatIsNotHermetic_isMadeAgainWhereItCanBe() throws Exception {
    spawns.hermetic = false;
    BuildResult plain = build(command(attempts(1)));
    assertThat(executed().result().hermetic()).isFalse();
    assertThat(plain.state().allValid()).isFalse();

    BuildResult again = builds.build(plain.state(), false);
    assertThat(builds.outcomes.get("command")).isInstanceOf(Outcome.CacheHit.class);

    spawns.hermetic = true;
    BuildResult hermetic = builds.build(again.state(), false);
    assertThat(executed().result().hermetic()).isTrue();
    assertThat(hermetic.state().allValid()).isTrue();

    spawns.hermetic = false;
    BuildResult known = builds.build(hermetic.state(), false);
    assertThat(known.summary().success()).isTrue();
    assertThat(spawns.requests).hasSize(2);
  }

  private Outcome.Executed executed() {
    return (Outcome.Executed) Objects.requireNonNull(builds.outcomes.get("command"));
  }

  @Test
  void memory_isLearned() throws Exception {
    BuildResult result = build(command(attempts(1)));

    assertThat(result.state().mebibytes(0)).isEqualTo(300);
    Scheduler scheduler = builds.scheduler(false);
    assertThat(scheduler.claim(command(attempts(1)), 300))
        .isEqualTo(new Permits.Claim(Resource.CPU, 1, 300));
    assertThat(scheduler.claim(command(new Action.Needs(4, 50, 1)), 300))
        .isEqualTo(new Permits.Claim(Resource.CPU, 4, 50));
  }

  @Test
  void afresh_runsWhatIsKnown() throws Exception {
    BuildResult first = build(command(attempts(1)));
    BitSet afresh = new BitSet();
    afresh.set(0);

    BuildResult second =
        builds.scheduler(false).build(BuildId.create(), first.state(), new BitSet(), afresh);

    assertThat(second.summary().executed()).isEqualTo(1);
    assertThat(spawns.requests).hasSize(2);
  }
}
