package dev.athanor.remote;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.ActionRunner;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.exec.EventSink;
import dev.athanor.engine.exec.Scheduler;
import dev.athanor.engine.history.BuildId;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.testing.ConcatType;
import dev.athanor.engine.testing.MemoryActionCache;
import dev.athanor.engine.testing.MemorySources;
import dev.athanor.engine.testing.NoSpawns;
import dev.athanor.engine.testing.TestBuilds;
import dev.athanor.engine.tree.Content;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole builds by machines that share one cache, which forgets, lies and fails.
final class FaultyCacheBuildsTest {
  private static final int ACTIONS = 60;

  private final MemoryRemote remote = new MemoryRemote();
  private final ConcatType concat = new ConcatType();
  private final List<Action.Builtin> actions = new ArrayList<>();

  /// Any action may need any of those before it; the last one needs all that nobody else does.
  private void makeActions(Random random) {
    List<Artifact> unused = new ArrayList<>();
    for (int i = 0; i < ACTIONS; i++) {
      List<Artifact> inputs = new ArrayList<>();
      for (int n = random.nextInt(4); n > 0 && i > 0; n--) {
        Artifact input = actions.get(random.nextInt(i)).outputs().getFirst();
        if (!inputs.contains(input)) {
          inputs.add(input);
        }
      }
      unused.removeAll(inputs);
      actions.add(concat.action("a" + i, i + " ", inputs.toArray(Artifact[]::new)));
      unused.add(actions.getLast().outputs().getFirst());
    }
    actions.add(concat.action("all", "", unused.toArray(Artifact[]::new)));
  }

  /// A machine whose disk is empty.
  private final class Machine {
    private final MemoryBlobStore near = new MemoryBlobStore();
    private final Traffic traffic = new Traffic();
    private final GuardedCache guarded = new GuardedCache(() -> remote, "test", _ -> {});
    private final SharedBlobStore blobs = new SharedBlobStore(near, guarded, traffic);
    private final Uploads uploads = new Uploads(near, guarded, blobs, Trust.ALL, traffic);
    private final SharedActionCache cache =
        new SharedActionCache(
            new MemoryActionCache(), guarded, blobs, Trust.ALL, Optional.of(uploads), traffic);

    /// What the last action made.
    byte[] build() throws Exception {
      Plan plan = new TestBuilds().plan(actions, "all");
      Scheduler scheduler =
          new Scheduler(
              blobs,
              cache,
              new MemorySources(near),
              new ActionRunner(
                  blobs,
                  new NoSpawns(),
                  (_, _) -> {
                    throw new AssertionError("no roots here");
                  },
                  false),
              EventSink.NONE,
              new Scheduler.Limits(4, () -> Long.MAX_VALUE),
              false);
      BuildState state = BuildState.empty(plan);
      BuildResult result = scheduler.build(BuildId.create(), state, new BitSet(), new BitSet());
      assertThat(result.summary().success()).isTrue();
      byte[] made = read(scheduler, state, result);
      var _ = uploads.drain(Duration.ofSeconds(20));
      return made;
    }

    /// As a session does: what is lost in the end is made again.
    private byte[] read(Scheduler scheduler, BuildState state, BuildResult result)
        throws Exception {
      for (int round = 0; ; round++) {
        try {
          return blobs.read(output(result));
        } catch (MissingBlobException e) {
          assertThat(round).isLessThan(5);
          scheduler.forgetLost(state);
          var _ = scheduler.build(BuildId.create(), state, new BitSet(), new BitSet());
        }
      }
    }

    private Digest output(BuildResult result) {
      int[] files = result.plan().targets().getFirst().references("files");
      return result.content(files[0]).orElseThrow() instanceof Content.File(var digest, _)
          ? digest
          : Digest.EMPTY;
    }
  }

  @Test
  void aSoundCache_leavesNothingToDo() throws Exception {
    makeActions(new Random(0));
    byte[] made = new Machine().build();
    assertThat(concat.takeRuns()).hasSize(ACTIONS + 1);

    Machine second = new Machine();

    assertThat(second.build()).isEqualTo(made);
    assertThat(concat.takeRuns()).isEmpty();
    // Of all that was made only the last is looked at.
    assertThat(second.near.digests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void aFaultyCache_changesNothingThatIsMade(int seed) throws Exception {
    Random random = new Random(seed);
    makeActions(random);
    byte[] made = new Machine().build();
    for (int build = 0; build < 6; build++) {
      spoil(random);

      byte[] again = new Machine().build();

      assertWithMessage("build %s", build).that(again).isEqualTo(made);
    }
  }

  /// Evicts some blobs, damages some, denies some, and lets calls fail now and then, or always.
  private void spoil(Random random) {
    List<Digest> all = remote.blobs.digests().stream().sorted().toList();
    for (Digest digest : all) {
      switch (random.nextInt(12)) {
        case 0 -> remote.blobs.remove(digest);
        case 1 -> remote.denied.add(digest);
        case 2 -> remote.damaged.add(digest);
        default -> {}
      }
    }
    remote.whole = random.nextBoolean();
    int failing = random.nextInt(4);
    Random dice = new Random(random.nextLong());
    remote.fault =
        _ -> {
          synchronized (dice) {
            if (failing == 3 || (failing > 0 && dice.nextInt(30) == 0)) {
              throw dice.nextBoolean()
                  ? RemoteException.trouble("trouble", null)
                  : RemoteException.hopeless("no", null);
            }
          }
        };
  }
}
