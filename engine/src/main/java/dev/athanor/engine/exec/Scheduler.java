package dev.athanor.engine.exec;

import dev.athanor.engine.action.ActionCache;
import dev.athanor.engine.action.ActionGraph;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.BlobStore;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// Brings artifacts into being: runs the part of an action graph that they need, as much of it at
/// once as there are permits, the longest chains first.
///
/// An action goes Wanted → Ready → Running → Done | Failed | Skipped. It is Ready when its last
/// input is Done; from then on it has a virtual thread of its own. It looks into the cache without
/// any permit and takes one only to run.
public final class Scheduler {
  final BlobStore blobs;
  final ActionCache cache;
  final Sources sources;
  final ActionRunner runner;
  final EventSink events;
  final boolean keepGoing;
  private final Map<ActionType.Resource, Permits> permits =
      new EnumMap<>(ActionType.Resource.class);

  /// @param jobs how many actions may compute at once
  /// @param keepGoing whether a failure stops only what depends on it
  public Scheduler(
      BlobStore blobs,
      ActionCache cache,
      Sources sources,
      ActionRunner runner,
      EventSink events,
      int jobs,
      boolean keepGoing) {
    this.blobs = blobs;
    this.cache = cache;
    this.sources = sources;
    this.runner = runner;
    this.events = events;
    this.keepGoing = keepGoing;
    permits.put(ActionType.Resource.CPU, new Permits(jobs));
    permits.put(ActionType.Resource.DISK, new Permits(Math.max(4, jobs)));
    permits.put(ActionType.Resource.NETWORK, new Permits(16));
  }

  /// Makes every wanted artifact that can be made.
  ///
  /// @throws InterruptedException when the calling thread was interrupted; running actions have
  ///   ended by then
  public Build.Result build(ActionGraph graph, Collection<? extends Artifact> wanted)
      throws InterruptedException {
    return new Build(this, graph, wanted).run();
  }

  /// The keys of the graph's actions, as far as they are known without running any.
  public KnownKeys keys(ActionGraph graph) {
    return new KnownKeys(cache, sources, graph);
  }

  Permits permits(ActionType.Resource resource) {
    return Objects.requireNonNull(permits.get(resource));
  }
}
