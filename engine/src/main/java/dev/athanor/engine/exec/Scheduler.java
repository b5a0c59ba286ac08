package dev.athanor.engine.exec;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionCache;
import dev.athanor.engine.action.ActionGraph;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.ActionType.Resource;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.concurrent.Parallel;
import dev.athanor.engine.concurrent.Window;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.history.BuildId;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.source.Sources;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/// Brings the outputs of plans into being: runs what of a plan has no valid result, as much of it
/// at once as there are permits, what the end of the build waits for longest first.
///
/// An action is ready when its last input is done. It is then looked up, without any permit; what
/// is not known waits for a permit in a queue, without any thread.
public final class Scheduler {
  /// How many actions are looked up at once. Enough to keep a cache busy that answers in
  /// milliseconds.
  private static final int LOOK_UPS = 128;

  private static final int NETWORK = 16;

  /// Threads for built-ins that compute: they would keep a virtual thread's carrier from all
  /// others.
  private static final ExecutorService BUSY =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("action-", 0).factory());

  final BlobStore blobs;
  final ActionCache cache;
  final Sources sources;
  final ActionRunner runner;
  final EventSink events;
  final boolean keepGoing;
  final Permits permits;
  final Window lookUps = new Window(LOOK_UPS, Thread.ofVirtual().factory());

  /// @param limits how much may run at once
  /// @param keepGoing whether a failure stops only what depends on it
  public Scheduler(
      BlobStore blobs,
      ActionCache cache,
      Sources sources,
      ActionRunner runner,
      EventSink events,
      Limits limits,
      boolean keepGoing) {
    this.blobs = blobs;
    this.cache = cache;
    this.sources = sources;
    this.runner = runner;
    this.events = events;
    this.keepGoing = keepGoing;
    this.permits =
        new Permits(
            Map.of(
                Resource.CPU, limits.jobs(),
                Resource.DISK, Math.max(4, limits.jobs()),
                Resource.NETWORK, NETWORK,
                Resource.REMOTE, limits.remoteJobs()),
            limits.memoryBytes());
  }

  /// @param jobs how many processors of this machine actions may take
  /// @param remoteJobs how many actions may be on other machines
  /// @param memoryBytes how much memory they may take, as far as that is known of them; asked for
  ///   only when it is known of one
  public record Limits(int jobs, int remoteJobs, LongSupplier memoryBytes) {
    /// Where nothing is sent to other machines.
    public Limits(int jobs, LongSupplier memoryBytes) {
      this(jobs, 1, memoryBytes);
    }
  }

  /// Makes every output of a plan that can be made, and notes in `state` what they hold.
  ///
  /// @param doubtful sources that may hold something else than `state` says
  /// @param afresh actions that run whatever is known of them
  /// @throws InterruptedException when the calling thread was interrupted; running actions have
  ///   ended by then
  public BuildResult build(BuildId id, BuildState state, BitSet doubtful, BitSet afresh)
      throws InterruptedException {
    return new Build(this, id, state, doubtful, afresh).run();
  }

  /// Tells of a build in which everything was up to date.
  ///
  /// @param wall how long it took to find out
  public BuildResult upToDate(BuildId id, BuildState state, Duration wall) {
    int actions = state.plan().actionCount();
    Summary summary = new Summary(0, actions, 0, 0, wall);
    post(new BuildEvent.Executing(id, state, new BitSet()));
    post(new BuildEvent.Finished(summary));
    return new BuildResult(id, summary, state, new BitSet(), new BitSet());
  }

  /// Tells whoever watches.
  public void post(BuildEvent event) {
    events.post(event);
  }

  public Sources sources() {
    return sources;
  }

  public BlobStore blobs() {
    return blobs;
  }

  public ActionCache cache() {
    return cache;
  }

  /// Forgets every result of which the store or the cache has lost something.
  public void forgetLost(BuildState state) throws IOException {
    runner.stayHere();
    Plan plan = state.plan();
    Map<Integer, Digest> keys = new HashMap<>();
    for (int action = 0; action < plan.actionCount(); action++) {
      Digest key = state.key(action);
      if (key != null && plan.isCacheable(action)) {
        keys.put(action, key);
      }
    }
    Map<Integer, Set<Digest>> needed = new ConcurrentHashMap<>();
    // Side by side, for a cache may be far.
    Parallel.forEach(
        keys.entrySet(),
        known ->
            needed(state, known.getKey(), known.getValue())
                .ifPresent(blobs -> needed.put(known.getKey(), blobs)));
    Set<Digest> all = new HashSet<>();
    for (int action : keys.keySet()) {
      Set<Digest> blobs = needed.get(action);
      if (blobs == null) {
        state.forget(action);
      } else {
        all.addAll(blobs);
      }
    }
    // One question for all of them: there may be thousands.
    Set<Digest> missing = blobs.missing(all);
    needed.forEach((action, blobs) -> {
      if (!Collections.disjoint(blobs, missing)) {
        state.forget(action);
      }
    });
  }

  /// The blobs that what is known of an action's result is made of; nothing when something of it is
  /// known to be lost.
  private Optional<Set<Digest>> needed(BuildState state, int action, Digest key)
      throws IOException {
    Set<Digest> needed = new HashSet<>();
    try {
      for (int o = state.plan().firstOutput(action);
          o < state.plan().firstOutput(action + 1);
          o++) {
        Content content = state.output(o);
        if (content == null) {
          return Optional.empty();
        }
        Trees.addBlobs(content, blobs, needed);
      }
    } catch (MissingBlobException e) {
      return Optional.empty();
    }
    Optional<ActionResult> result = cache.get(key);
    result.ifPresent(found -> needed.addAll(found.references()));
    return result.map(_ -> needed);
  }

  /// Whether a cached result has every declared output, and its blobs are all here.
  boolean isWhole(Action action, ActionResult result) throws IOException {
    Set<Digest> needed = new HashSet<>(result.references());
    try {
      for (Artifact.Derived output : action.outputs()) {
        Content content = result.outputs().get(output.path());
        if (content == null) {
          return false;
        }
        Trees.addBlobs(content, blobs, needed);
      }
    } catch (MissingBlobException e) {
      return false;
    }
    return blobs.missing(needed).isEmpty();
  }

  /// The keys of the graph's actions, as far as they are known without running any.
  public KnownKeys keys(ActionGraph graph) {
    return new KnownKeys(cache.near(), sources, graph);
  }

  /// What the action takes where it is to run.
  ///
  /// @param known how much memory the action took when it last ran; zero when nobody knows
  Permits.Claim claim(Action action, long known) {
    return runner.sends(action)
        ? new Permits.Claim(Resource.REMOTE, 1, 0)
        : localClaim(action, known);
  }

  /// What it takes to run the action here.
  Permits.Claim localClaim(Action action, long known) {
    return switch (action) {
      case Action.Command command -> {
        long memory = command.needs().memoryBytes();
        yield new Permits.Claim(Resource.CPU, command.needs().cpus(), memory == 0 ? known : memory);
      }
      case Action.Builtin builtin -> new Permits.Claim(builtin.type().resource(), 1, 0);
    };
  }

  Executor threads(boolean busy) {
    return busy ? BUSY : Thread::startVirtualThread;
  }
}
