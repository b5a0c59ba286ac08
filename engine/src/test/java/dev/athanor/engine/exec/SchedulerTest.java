package dev.athanor.engine.exec;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionGraph;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.testing.ConcatType;
import dev.athanor.engine.testing.MemoryActionCache;
import dev.athanor.engine.testing.MemorySources;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SchedulerTest {
  private static final Artifact.Source SOURCE = new Artifact.Source(RelativePath.of("source"));

  private final MemoryBlobStore blobs = new MemoryBlobStore();
  private final MemoryActionCache cache = new MemoryActionCache();
  private final MemorySources sources = new MemorySources(blobs);
  private final ConcatType concat = new ConcatType();

  private Build.Result build(boolean keepGoing, List<Action> actions, String... wanted)
      throws InterruptedException {
    ActionRunner runner =
        new ActionRunner(
            blobs,
            new NoSpawns(),
            (_, _) -> {
              throw new AssertionError("no roots here");
            },
            false);
    Scheduler scheduler =
        new Scheduler(blobs, cache, sources, runner, EventSink.NONE, 2, keepGoing);
    List<Artifact> artifacts = new ArrayList<>();
    for (String name : wanted) {
      artifacts.add(ConcatType.output(name));
    }
    return scheduler.build(ActionGraph.of(actions), artifacts);
  }

  private String text(Build.Result result, String name) throws IOException {
    Content content = result.contents().get(ConcatType.output(name));
    return content instanceof Content.File(var digest, _)
        ? new String(blobs.read(digest), UTF_8)
        : "absent";
  }

  private List<Action> chain() {
    return List.of(
        concat.action("a", "a", SOURCE),
        concat.action("b", "b", ConcatType.output("a")),
        concat.action("c", "c", ConcatType.output("b")),
        concat.action("other", "o", SOURCE));
  }

  @Test
  void build_runsOnlyWhatIsWanted() throws Exception {
    sources.put("source", "!");

    Build.Result result = build(false, chain(), "c");

    assertThat(text(result, "c")).isEqualTo("cba!");
    assertThat(concat.takeRuns()).containsExactly("a", "b", "c").inOrder();
    assertThat(result.summary().executed()).isEqualTo(3);
  }

  @Test
  void build_again_runsNothing() throws Exception {
    sources.put("source", "!");
    build(false, chain(), "c");
    concat.takeRuns();

    Build.Result again = build(false, chain(), "c");

    assertThat(concat.takeRuns()).isEmpty();
    assertThat(again.summary().cached()).isEqualTo(3);
    assertThat(text(again, "c")).isEqualTo("cba!");
  }

  @Test
  void build_unchangedOutput_stopsTheWave() throws Exception {
    Artifact.Source second = new Artifact.Source(RelativePath.of("second"));
    List<Action> actions =
        List.of(
            concat.action("a", "", SOURCE, second),
            concat.action("b", "b", ConcatType.output("a")));
    sources.put("source", "ab");
    sources.put("second", "c");
    build(false, actions, "b");
    concat.takeRuns();

    // Other inputs, the same output "abc".
    sources.put("source", "a");
    sources.put("second", "bc");
    Build.Result result = build(false, actions, "b");

    assertThat(concat.takeRuns()).containsExactly("a");
    assertThat(text(result, "b")).isEqualTo("babc");
  }

  @Test
  void build_lostBlob_runsItsProducerAgain() throws Exception {
    sources.put("source", "!");
    build(false, chain(), "c");
    concat.takeRuns();
    blobs.remove(Digester.digest("ba!".getBytes(UTF_8)));

    Build.Result result = build(false, chain(), "c");

    assertThat(concat.takeRuns()).containsExactly("b");
    assertThat(text(result, "c")).isEqualTo("cba!");
  }

  @Test
  void build_blobLostAfterTheHit_rewinds() throws Exception {
    sources.put("source", "!");
    List<Action> first = chain().subList(0, 2);
    build(false, first, "b");
    concat.takeRuns();
    // Evicted between the look-up of `b` and the run of `late`: as a cache that lies would have it.
    Evicting evicting = new Evicting(Digester.digest("ba!".getBytes(UTF_8)));
    List<Action> actions = new ArrayList<>(first);
    actions.add(concat.action("gate", "g", SOURCE));
    actions.add(evicting.action("late", ConcatType.output("b"), ConcatType.output("gate")));

    Build.Result result = build(false, actions, "late");

    assertThat(result.summary().success()).isTrue();
    assertThat(concat.takeRuns()).containsExactly("b", "gate");
  }

  @Test
  void build_failure_skipsDependants() throws Exception {
    sources.put("source", "FAIL");

    Build.Result result = build(false, chain(), "c");

    assertThat(result.summary().failed()).isEqualTo(1);
    assertThat(result.summary().skipped()).isEqualTo(2);
    assertThat(result.contents()).isEmpty();
  }

  @Test
  void build_keepGoing_buildsTheRest() throws Exception {
    Artifact.Source good = new Artifact.Source(RelativePath.of("good"));
    List<Action> actions =
        List.of(
            concat.action("bad", "", SOURCE),
            concat.action("fine", "f", good),
            concat.action("finer", "r", ConcatType.output("fine")));
    sources.put("source", "FAIL");
    sources.put("good", "!");

    Build.Result result = build(true, actions, "bad", "finer");

    assertThat(text(result, "finer")).isEqualTo("rf!");
    assertThat(text(result, "bad")).isEqualTo("absent");
    assertThat(result.summary().failed()).isEqualTo(1);
  }

  @Test
  void build_missingSource_isAFailureThatNamesIt() throws Exception {
    Build.Result result = build(false, chain(), "a");

    Outcome outcome = result.outcomes().values().iterator().next();
    assertThat(outcome.toString()).contains("Failed[message=no such file: source");
  }

  @Test
  void build_longChain_needsNoDeepStack() throws Exception {
    sources.put("source", "FAIL");
    List<Action> actions = new ArrayList<>(List.of(concat.action("n0", "", SOURCE)));
    for (int i = 1; i <= 20_000; i++) {
      actions.add(concat.action("n" + i, "", ConcatType.output("n" + (i - 1))));
    }

    Build.Result result = build(false, actions, "n20000");

    assertThat(result.summary().skipped()).isEqualTo(20_000);
  }

  /// After any edit, what a build makes equals what the same actions make from nothing; and a
  /// second build runs nothing.
  @Test
  void build_randomGraphsAndEdits_equalACleanBuild() throws Exception {
    for (int seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      List<Action> actions = randomActions(random, 16);
      for (int edit = 0; edit < 4; edit++) {
        for (int i = 0; i < 4; i++) {
          sources.put("s" + i, String.valueOf(random.nextInt(3)));
        }
        Build.Result incremental = build(false, actions, "n15", "n9");
        assertThat(build(false, actions, "n15", "n9").summary().executed()).isEqualTo(0);
        assertThat(text(incremental, "n15")).isEqualTo(model(actions, 15));
        assertThat(text(incremental, "n9")).isEqualTo(model(actions, 9));
      }
    }
  }

  private List<Action> randomActions(Random random, int count) {
    List<Action> actions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Artifact> inputs = new ArrayList<>();
      inputs.add(new Artifact.Source(RelativePath.of("s" + random.nextInt(4))));
      for (int k = 0; k < 2 && i > 0; k++) {
        Artifact input = ConcatType.output("n" + random.nextInt(Math.max(0, i - 6), i));
        if (!inputs.contains(input)) {
          inputs.add(input);
        }
      }
      // Some actions ignore most of their inputs, so that early cut-off happens.
      actions.add(concat.action("n" + i, i % 3 == 0 ? "x" : "", inputs.toArray(Artifact[]::new)));
    }
    return actions;
  }

  /// What the action would make, computed without any cache.
  private String model(List<Action> actions, int number) throws IOException {
    Action.Builtin action = (Action.Builtin) actions.get(number);
    StringBuilder text = new StringBuilder(action.params().get("prefix"));
    for (Artifact input : action.inputs()) {
      switch (input) {
        case Artifact.Source source ->
            text.append(
                new String(
                    blobs.read(((Content.File) sources.content(source.path())).digest()), UTF_8));
        case Artifact.Derived derived ->
            text.append(model(actions, Integer.parseInt(derived.owner().name().substring(1))));
      }
    }
    return text.substring(0, Math.min(text.length(), ConcatType.MAX_LENGTH));
  }

  /// Removes a blob from the store the first time it runs, then reads all its inputs.
  private final class Evicting implements ActionType {
    private final Digest victim;
    private boolean done;

    Evicting(Digest victim) {
      this.victim = victim;
    }

    Action.Builtin action(String name, Artifact... inputs) {
      Action.Builtin plain = concat.action(name, "", inputs);
      return new Action.Builtin(
          plain.owner(), this, plain.params(), plain.inputs(), plain.outputs());
    }

    @Override
    public String id() {
      return "test.evicting";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public Resource resource() {
      return Resource.CPU;
    }

    @Override
    public void run(ActionContext context) throws IOException {
      if (!done) {
        done = true;
        blobs.remove(victim);
      }
      for (Artifact input : context.action().inputs()) {
        context.read(input);
      }
      context.write(context.action().outputs().getFirst(), new byte[0]);
    }
  }

  private static final class NoSpawns implements SpawnRunner {
    @Override
    public Result run(Request request) {
      throw new AssertionError("nothing is spawned here");
    }

    @Override
    public String name() {
      return "none";
    }

    @Override
    public boolean hermetic() {
      return true;
    }
  }
}
