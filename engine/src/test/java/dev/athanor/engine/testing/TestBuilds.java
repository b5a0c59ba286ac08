package dev.athanor.engine.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionGraph;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.ActionTypes;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.exec.ActionRunner;
import dev.athanor.engine.exec.BuildEvent;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.exec.Elsewhere;
import dev.athanor.engine.exec.Outcome;
import dev.athanor.engine.exec.Scheduler;
import dev.athanor.engine.exec.SpawnRunner;
import dev.athanor.engine.history.BuildId;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.plan.WantedTarget;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/// Builds actions in memory, without rules and without a disk. Actions are called by the names of
/// their owners.
public final class TestBuilds {
  public final MemoryBlobStore blobs = new MemoryBlobStore();
  public final MemoryActionCache cache = new MemoryActionCache();
  public final MemorySources sources = new MemorySources(blobs);
  private SpawnRunner spawns = new NoSpawns();
  private Optional<Elsewhere> elsewhere = Optional.empty();
  private int jobs = 2;
  private final Map<String, ActionType> types = new HashMap<>();

  /// What became of each action in the last build, up-to-date ones left out that nobody looked at.
  public final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();

  /// What was said of actions while they ran, in all builds.
  public final List<String> progress = new CopyOnWriteArrayList<>();

  /// What the user was told, in all builds.
  public final List<String> notices = new CopyOnWriteArrayList<>();

  /// Runs commands with these.
  public TestBuilds with(SpawnRunner runner) {
    spawns = runner;
    return this;
  }

  /// Sends actions to other machines.
  public TestBuilds with(Elsewhere others) {
    elsewhere = Optional.of(others);
    return this;
  }

  /// Runs so many actions at once on this machine.
  public TestBuilds jobs(int count) {
    jobs = count;
    return this;
  }

  /// What the wanted outputs take.
  public Plan plan(List<? extends Action> actions, String... wanted) {
    for (Action action : actions) {
      if (action instanceof Action.Builtin builtin) {
        types.put(builtin.type().id(), builtin.type());
      }
    }
    return plan(ActionTypes.of(types.values()), actions, wanted);
  }

  /// The same with types of which those of the actions may be missing.
  public static Plan plan(ActionTypes types, List<? extends Action> actions, String... wanted) {
    List<Artifact> artifacts = Stream.of(wanted).<Artifact>map(ConcatType::output).toList();
    WantedTarget target =
        WantedTarget.of(
            Label.parseAbsolute("//:all"), "test", Map.of(WantedTarget.FILES, artifacts));
    return Plan.of(List.of(target), ActionGraph.of(List.copyOf(actions)), new TreeMap<>(), types);
  }

  /// Builds with nothing known but what is in the cache.
  public BuildResult build(List<? extends Action> actions, String... wanted)
      throws InterruptedException {
    return build(BuildState.empty(plan(actions, wanted)), false);
  }

  /// Builds again what `state` is the state of. Any source may have changed.
  public BuildResult build(BuildState state, boolean keepGoing) throws InterruptedException {
    BitSet doubtful = new BitSet();
    doubtful.set(0, state.plan().sourceCount());
    outcomes.clear();
    return scheduler(keepGoing).build(BuildId.create(), state, doubtful, new BitSet());
  }

  public Scheduler scheduler(boolean keepGoing) {
    ActionRunner runner =
        new ActionRunner(
            blobs,
            spawns,
            (_, _) -> {
              throw new AssertionError("no roots here");
            },
            false,
            elsewhere);
    return new Scheduler(
        blobs,
        cache,
        sources,
        runner,
        event -> {
          if (event instanceof BuildEvent.ActionFinished(_, var action, var outcome, _)) {
            outcomes.put(action.owner().name(), outcome);
          } else if (event instanceof BuildEvent.Notice(var message)) {
            notices.add(message);
          } else if (event instanceof BuildEvent.ActionProgress(_, var what, _, _)) {
            progress.add(what);
          }
        },
        new Scheduler.Limits(jobs, 64, () -> Long.MAX_VALUE),
        keepGoing);
  }

  /// What a wanted output holds, or `absent`.
  public String text(BuildResult result, String name) throws IOException {
    Content content = null;
    for (int reference : result.plan().references(WantedTarget.FILES)) {
      if (result.plan().artifact(reference).equals(ConcatType.output(name))) {
        content = result.content(reference).orElse(null);
      }
    }
    return content instanceof Content.File(var digest, _)
        ? new String(blobs.read(digest), UTF_8)
        : "absent";
  }
}
