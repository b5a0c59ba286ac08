package dev.athanor.engine.exec;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.ActionTypes;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.testing.ConcatType;
import dev.athanor.engine.testing.TestBuilds;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SchedulerTest {
  private static final Artifact.Source SOURCE = new Artifact.Source(RelativePath.of("source"));

  private final TestBuilds builds = new TestBuilds();
  private final ConcatType concat = new ConcatType();

  private List<Action> chain() {
    return List.of(
        concat.action("a", "a", SOURCE),
        concat.action("b", "b", ConcatType.output("a")),
        concat.action("c", "c", ConcatType.output("b")),
        concat.action("other", "o", SOURCE));
  }

  @Test
  void build_runsOnlyWhatIsWanted() throws Exception {
    builds.sources.put("source", "!");

    BuildResult result = builds.build(chain(), "c");

    assertThat(builds.text(result, "c")).isEqualTo("cba!");
    assertThat(concat.takeRuns()).containsExactly("a", "b", "c").inOrder();
    assertThat(result.summary().executed()).isEqualTo(3);
  }

  @Test
  void build_again_runsNothing() throws Exception {
    builds.sources.put("source", "!");
    builds.build(chain(), "c");
    concat.takeRuns();

    BuildResult again = builds.build(chain(), "c");

    assertThat(concat.takeRuns()).isEmpty();
    assertThat(again.summary().cached()).isEqualTo(3);
    assertThat(builds.text(again, "c")).isEqualTo("cba!");
  }

  @Test
  void build_ofKnownState_looksNothingUp() throws Exception {
    builds.sources.put("source", "!");
    BuildState state = builds.build(chain(), "c").state();
    concat.takeRuns();
    builds.cache.clear();

    BuildResult again = builds.build(state, false);

    assertThat(concat.takeRuns()).isEmpty();
    assertThat(again.summary().cached()).isEqualTo(3);
    assertThat(builds.text(again, "c")).isEqualTo("cba!");
  }

  @Test
  void build_sourceAndBack_needsNoCache() throws Exception {
    builds.sources.put("source", "!");
    BuildState state = builds.build(chain(), "c").state();
    builds.sources.put("source", "FAIL");
    assertThat(builds.build(state, false).summary().failed()).isEqualTo(1);
    builds.sources.put("source", "!");
    builds.cache.clear();
    concat.takeRuns();

    BuildResult again = builds.build(state, false);

    assertThat(concat.takeRuns()).isEmpty();
    assertThat(builds.text(again, "c")).isEqualTo("cba!");
  }

  @Test
  void build_unchangedOutput_stopsTheWave() throws Exception {
    Artifact.Source second = new Artifact.Source(RelativePath.of("second"));
    List<Action> actions =
        List.of(
            concat.action("a", "", SOURCE, second),
            concat.action("b", "b", ConcatType.output("a")));
    builds.sources.put("source", "ab");
    builds.sources.put("second", "c");
    BuildState state = builds.build(actions, "b").state();
    concat.takeRuns();

    // Other inputs, the same output "abc".
    builds.sources.put("source", "a");
    builds.sources.put("second", "bc");
    BuildResult result = builds.build(state, false);

    assertThat(concat.takeRuns()).containsExactly("a");
    assertThat(builds.text(result, "b")).isEqualTo("babc");
    assertThat(builds.outcomes.get("b")).isInstanceOf(Outcome.UpToDate.class);
  }

  @Test
  void build_lostBlob_runsItsProducerAgain() throws Exception {
    builds.sources.put("source", "!");
    builds.build(chain(), "c");
    concat.takeRuns();
    lose("ba!");

    BuildResult result = builds.build(chain(), "c");

    assertThat(concat.takeRuns()).containsExactly("b");
    assertThat(builds.text(result, "c")).isEqualTo("cba!");
  }

  @Test
  void build_ofKnownState_lostBlobThatNobodyNeeds_isLeftAlone() throws Exception {
    builds.sources.put("source", "!");
    BuildState state = builds.build(chain(), "c").state();
    concat.takeRuns();
    lose("ba!");

    builds.build(state, false);

    assertThat(concat.takeRuns()).isEmpty();
  }

  /// Everything that a state knows of may be gone: an action then brings back all that it reads.
  @Test
  void build_ofKnownState_everyBlobLost_runsWhatIsNeeded() throws Exception {
    List<Action> actions = new ArrayList<>();
    List<Artifact> parts = new ArrayList<>(List.of(SOURCE));
    for (int i = 0; i < 20; i++) {
      Artifact.Source part = new Artifact.Source(RelativePath.of("part" + i));
      builds.sources.put("part" + i, "p" + i);
      actions.add(concat.action("deep" + i, "d", part));
      actions.add(concat.action("n" + i, "n", ConcatType.output("deep" + i)));
      parts.add(ConcatType.output("n" + i));
    }
    actions.add(concat.action("all", "", parts.toArray(Artifact[]::new)));
    builds.sources.put("source", "1");
    BuildState state = builds.build(actions, "all").state();
    concat.takeRuns();
    builds.blobs.digests().forEach(builds.blobs::remove);

    builds.sources.put("source", "2");
    BuildResult result = builds.build(state, false);

    assertThat(result.summary().success()).isTrue();
    assertThat(builds.text(result, "all")).startsWith("2ndp0ndp1");
    assertThat(Set.copyOf(concat.takeRuns())).hasSize(41);
  }

  @Test
  void build_blobLostAfterTheHit_rewinds() throws Exception {
    builds.sources.put("source", "!");
    List<Action> first = chain().subList(0, 2);
    builds.build(first, "b");
    concat.takeRuns();
    // Evicted between the look-up of `b` and the run of `late`: as a cache that lies would have it.
    ActionType evicting = evicting(Digester.digest("ba!".getBytes(UTF_8)));
    List<Action> actions = new ArrayList<>(first);
    actions.add(concat.action("gate", "g", SOURCE));
    actions.add(of(evicting, "late", ConcatType.output("b"), ConcatType.output("gate")));

    BuildResult result = builds.build(actions, "late");

    assertThat(result.summary().success()).isTrue();
    assertThat(concat.takeRuns()).containsExactly("b", "gate");
  }

  @Test
  void build_failure_skipsDependants() throws Exception {
    builds.sources.put("source", "FAIL");

    BuildResult result = builds.build(chain(), "c");

    assertThat(result.summary().failed()).isEqualTo(1);
    assertThat(result.summary().skipped()).isEqualTo(2);
    assertThat(builds.text(result, "c")).isEqualTo("absent");
  }

  @Test
  void build_keepGoing_buildsTheRest() throws Exception {
    Artifact.Source good = new Artifact.Source(RelativePath.of("good"));
    List<Action> actions =
        List.of(
            concat.action("bad", "", SOURCE),
            concat.action("fine", "f", good),
            concat.action("finer", "r", ConcatType.output("fine")));
    builds.sources.put("source", "FAIL");
    builds.sources.put("good", "!");

    BuildResult result = builds.build(BuildState.empty(builds.plan(actions, "bad", "finer")), true);

    assertThat(builds.text(result, "finer")).isEqualTo("rf!");
    assertThat(builds.text(result, "bad")).isEqualTo("absent");
    assertThat(result.summary().failed()).isEqualTo(1);
  }

  @Test
  void build_missingSource_isAFailureThatNamesIt() throws Exception {
    builds.build(chain(), "a");

    assertThat(String.valueOf(builds.outcomes.get("a")))
        .contains("Failed[message=no such file: source");
  }

  /// A bug of ours, and no reason to wait for ever.
  @Test
  @Timeout(20)
  void build_typeThatNobodyHas_isToldAndEnds() {
    Plan plan = TestBuilds.plan(ActionTypes.of(List.of()), chain(), "c");

    IllegalStateException e =
        assertThrows(
            IllegalStateException.class, () -> builds.build(BuildState.empty(plan), false));

    assertThat(e).hasMessageThat().contains("concat");
  }

  @Test
  void plan_cycle_isToldAsAPath() {
    List<Action> actions =
        List.of(
            concat.action("a", "", ConcatType.output("b")),
            concat.action("b", "", ConcatType.output("c")),
            concat.action("c", "", ConcatType.output("b")));

    UserException e = assertThrows(UserException.class, () -> builds.plan(actions, "a"));

    assertThat(e)
        .hasMessageThat()
        .isEqualTo(
            "these actions need each other's outputs:\n"
                + "    concat //:b\n    concat //:c\n    concat //:b");
  }

  @Test
  void build_longChain_needsNoDeepStack() throws Exception {
    builds.sources.put("source", "FAIL");
    List<Action> actions = new ArrayList<>(List.of(concat.action("n0", "", SOURCE)));
    for (int i = 1; i <= 20_000; i++) {
      actions.add(concat.action("n" + i, "", ConcatType.output("n" + (i - 1))));
    }

    BuildResult result = builds.build(actions, "n20000");

    assertThat(result.summary().skipped()).isEqualTo(20_000);
  }

  /// A failure interrupts what runs beside it, and nothing that waits is started.
  @Test
  void build_failure_stopsWhatRuns() throws Exception {
    // The two take both permits before any other is even looked up.
    CountDownLatch started = new CountDownLatch(2);
    builds.sources.put("source", "!");
    builds.sources.hold("source", started);
    AtomicBoolean interrupted = new AtomicBoolean();
    ActionType endless =
        new Custom(
            "test.endless",
            context -> {
              started.countDown();
              try {
                Thread.sleep(60_000);
              } catch (InterruptedException e) {
                interrupted.set(true);
                throw e;
              }
            });
    ActionType failing =
        new Custom(
            "test.failing",
            context -> {
              started.countDown();
              started.await();
              throw new UserException("no");
            });
    List<Action> actions = new ArrayList<>();
    actions.add(of(endless, "endless"));
    actions.add(of(failing, "failing"));
    List<String> wanted = new ArrayList<>(List.of("endless", "failing"));
    for (int i = 0; i < 50; i++) {
      actions.add(concat.action("waiting" + i, String.valueOf(i), SOURCE));
      wanted.add("waiting" + i);
    }
    BuildResult result = builds.build(actions, wanted.toArray(String[]::new));

    assertThat(interrupted.get()).isTrue();
    assertThat(result.summary().failed()).isEqualTo(1);
    assertThat(result.summary().skipped()).isEqualTo(51);
    assertThat(concat.takeRuns()).isEmpty();
  }

  @Test
  void build_ofNothing_interrupted_saysSo() {
    Thread.currentThread().interrupt();

    assertThrows(InterruptedException.class, () -> builds.build(List.of()));
  }

  private void lose(String text) {
    builds.blobs.remove(Digester.digest(text.getBytes(UTF_8)));
  }

  private Action of(ActionType type, String name, Artifact... inputs) {
    Action.Builtin plain = concat.action(name, name, inputs);
    return new Action.Builtin(plain.owner(), type, plain.params(), plain.inputs(), plain.outputs());
  }

  private interface Body {
    void run(ActionContext context) throws IOException, InterruptedException;
  }

  /// A type that does what a test says.
  private record Custom(String id, Body body) implements ActionType {
    @Override
    public int version() {
      return 1;
    }

    @Override
    public Resource resource() {
      return Resource.CPU;
    }

    @Override
    public void run(ActionContext context) throws IOException, InterruptedException {
      body.run(context);
    }
  }

  /// Removes a blob from the store the first time it runs, then reads all its inputs.
  private ActionType evicting(Digest victim) {
    AtomicBoolean done = new AtomicBoolean();
    return new Custom(
        "test.evicting",
        context -> {
          if (done.compareAndSet(false, true)) {
            builds.blobs.remove(victim);
          }
          for (Artifact input : context.action().inputs()) {
            context.read(input);
          }
          context.write(context.action().outputs().getFirst(), new byte[0]);
        });
  }
}
