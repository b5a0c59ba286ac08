package dev.athanor.engine.exec;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionGraph;
import dev.athanor.engine.action.ActionKey;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One run of a [Scheduler].
public final class Build {
  /// How often an action is tried again because a blob it needs was lost.
  private static final int MAX_REWINDS = 5;

  private final Scheduler scheduler;
  private final Collection<? extends Artifact> wanted;
  private final Map<Action, ActionNode> nodes = new LinkedHashMap<>();
  private final Map<Artifact, ActionNode> producers = new HashMap<>();
  private final Map<Artifact.Source, Content> sourceContents = new ConcurrentHashMap<>();
  private final CountDownLatch unfinished;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final long began = System.nanoTime();
  private final AtomicInteger executed = new AtomicInteger();
  private final AtomicInteger cached = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger skipped = new AtomicInteger();

  /// The first failure, when it is to stop everything else.
  private final AtomicReference<@Nullable Label> stoppedBy = new AtomicReference<>();

  /// A broken machine or a bug of ours: ends the build as an exception.
  private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();

  /// @param contents of every wanted artifact that could be made
  /// @param outcomes of every action that the wanted artifacts need
  public record Result(
      Summary summary, Map<Artifact, Content> contents, Map<Action, Outcome> outcomes) {
    public Result {
      contents = Map.copyOf(contents);
      outcomes = Map.copyOf(outcomes);
    }
  }

  Build(Scheduler scheduler, ActionGraph graph, Collection<? extends Artifact> wanted) {
    this.scheduler = scheduler;
    this.wanted = wanted;
    collect(graph);
    rank();
    unfinished = new CountDownLatch(nodes.size());
  }

  Result run() throws InterruptedException {
    scheduler.events.post(new BuildEvent.Executing(nodes.size()));
    List<ActionNode> ready = nodes.values().stream().filter(n -> n.dependencies.isEmpty()).toList();
    ready.forEach(this::start);
    try {
      unfinished.await();
    } catch (InterruptedException e) {
      stoppedBy.compareAndSet(null, nodes.keySet().iterator().next().owner());
      throw e;
    } finally {
      threads.shutdownNow();
      threads.close();
    }
    rethrowIfBroken();
    return result();
  }

  /// Makes a node for every action in reach of the wanted artifacts.
  private void collect(ActionGraph graph) {
    ArrayDeque<ActionNode> open = new ArrayDeque<>();
    wanted.forEach(artifact -> node(artifact, graph, open));
    for (ActionNode node = open.poll(); node != null; node = open.poll()) {
      Set<ActionNode> dependencies = new HashSet<>();
      for (Artifact input : node.action.inputs()) {
        ActionNode dependency = node(input, graph, open);
        if (dependency != null && dependencies.add(dependency)) {
          node.dependencies.add(dependency);
          dependency.dependents.add(node);
        }
      }
      node.waitingFor.set(node.dependencies.size());
    }
  }

  private @Nullable ActionNode node(
      Artifact artifact, ActionGraph graph, ArrayDeque<ActionNode> open) {
    if (!(artifact instanceof Artifact.Derived derived)) {
      return null;
    }
    Action action =
        graph
            .producer(derived)
            .orElseThrow(() -> new IllegalStateException("no action makes " + derived));
    ActionNode node =
        nodes.computeIfAbsent(
            action,
            a -> {
              ActionNode made = new ActionNode(a);
              open.add(made);
              return made;
            });
    producers.put(artifact, node);
    return node;
  }

  /// Sets every node's urgency, from the end of the build towards its beginning, and finds cycles
  /// on the way.
  private void rank() {
    Map<ActionNode, Integer> open = new HashMap<>();
    ArrayDeque<ActionNode> last = new ArrayDeque<>();
    for (ActionNode node : nodes.values()) {
      open.put(node, node.dependents.size());
      if (node.dependents.isEmpty()) {
        last.add(node);
      }
    }
    int ranked = 0;
    for (ActionNode node = last.poll(); node != null; node = last.poll()) {
      ranked++;
      for (ActionNode dependency : node.dependencies) {
        dependency.urgency = Math.max(dependency.urgency, node.urgency + 1);
        if (open.merge(dependency, -1, Integer::sum) == 0) {
          last.add(dependency);
        }
      }
    }
    if (ranked < nodes.size()) {
      List<String> cycle =
          nodes.values().stream()
              .filter(n -> open.getOrDefault(n, 0) > 0)
              .map(n -> n.action.describe())
              .toList();
      throw new UserException(
          "these actions need each other's outputs: " + String.join(", ", cycle));
    }
  }

  private void start(ActionNode node) {
    try {
      var _ = threads.submit(() -> attend(node));
    } catch (RejectedExecutionException e) {
      // The build was stopped in the meantime.
      finish(node, new Outcome.Skipped(Objects.requireNonNull(stoppedBy.get())));
    }
  }

  /// Takes one ready node to its end.
  private void attend(ActionNode node) {
    Outcome outcome = new Outcome.Skipped(node.action.owner());
    try {
      Label stop = stoppedBy.get();
      outcome = stop == null ? outcome(node) : new Outcome.Skipped(stop);
    } catch (InterruptedException e) {
      Label stop = stoppedBy.get();
      outcome = new Outcome.Skipped(stop == null ? node.action.owner() : stop);
    } catch (UserException e) {
      outcome = new Outcome.Failed(String.valueOf(e.getMessage()), e.hint(), "", Optional.empty());
    } catch (Throwable e) {
      if (stoppedBy.get() == null || !(e instanceof IOException)) {
        broken.compareAndSet(null, e);
      }
      stop(node.action.owner());
    } finally {
      finish(node, outcome);
    }
  }

  private Outcome outcome(ActionNode node) throws IOException, InterruptedException {
    for (int rewinds = 0; ; rewinds++) {
      try {
        return lookUpOrRun(node, false);
      } catch (MissingBlobException e) {
        if (rewinds == MAX_REWINDS) {
          throw e;
        }
        recover(node, e.digest(), rewinds);
      }
    }
  }

  private Outcome lookUpOrRun(ActionNode node, boolean force)
      throws IOException, InterruptedException {
    Map<Artifact, Content> inputs = inputs(node);
    ActionKey key = ActionKey.of(node.action, inputs);
    if (!force && isCacheable(node.action)) {
      Optional<ActionResult> hit = scheduler.cache.get(key);
      if (hit.isPresent() && isWhole(node.action, hit.get())) {
        return new Outcome.CacheHit(hit.get());
      }
    }
    Permits permits = scheduler.permits(resource(node.action));
    permits.acquire(node.urgency);
    try {
      return execute(node, key, inputs);
    } finally {
      permits.release();
    }
  }

  private Outcome execute(ActionNode node, ActionKey key, Map<Artifact, Content> inputs)
      throws IOException, InterruptedException {
    scheduler.events.post(new BuildEvent.ActionStarted(node.action));
    long start = System.nanoTime();
    ActionRunner.Ran ran = scheduler.runner.run(node.action, inputs, scheduler.events);
    return switch (ran) {
      case ActionRunner.Ran.Success(var result, var hermetic) -> {
        if (isCacheable(node.action)) {
          scheduler.cache.put(key, result);
        }
        yield new Outcome.Executed(result, Duration.ofNanos(System.nanoTime() - start), hermetic);
      }
      case ActionRunner.Ran.Failure(var message, var hint, var output, var kept) ->
          new Outcome.Failed(message, hint, output, kept);
    };
  }

  /// A blob that `node` needs is gone: runs again whatever made it, however deep, then lets `node`
  /// try again.
  private void recover(ActionNode node, Digest lost, int rewinds)
      throws IOException, InterruptedException {
    for (Artifact input : node.action.inputs()) {
      if (input instanceof Artifact.Source source) {
        sourceContents.put(source, scheduler.sources.restore(source.path()));
      }
    }
    for (ActionNode dependency : node.dependencies) {
      if (dependency.made(lost)) {
        rerun(dependency);
      } else if (rewinds > 0) {
        // The blob is named by something deeper than the direct inputs.
        recover(dependency, lost, 0);
      }
    }
  }

  private void rerun(ActionNode node) throws IOException, InterruptedException {
    node.running.lockInterruptibly();
    try {
      for (int rewinds = 0; ; rewinds++) {
        try {
          Outcome outcome = lookUpOrRun(node, true);
          if (outcome instanceof Outcome.Failed failure) {
            throw new UserException(
                node.action.describe() + " had to run again and failed: " + failure.message());
          }
          node.outcome = outcome;
          executed.incrementAndGet();
          return;
        } catch (MissingBlobException e) {
          if (rewinds == MAX_REWINDS) {
            throw e;
          }
          recover(node, e.digest(), rewinds);
        }
      }
    } finally {
      node.running.unlock();
    }
  }

  /// Ends a node, and every node that can no longer run because of it. A loop and not a recursion:
  /// chains are long.
  private void finish(ActionNode first, Outcome outcome) {
    ArrayDeque<ActionNode> ended = new ArrayDeque<>();
    first.outcome = outcome;
    ended.add(first);
    for (ActionNode node = ended.poll(); node != null; node = ended.poll()) {
      report(node);
      for (ActionNode dependent : node.dependents) {
        if (node.result() != null) {
          if (dependent.waitingFor.decrementAndGet() == 0) {
            start(dependent);
          }
        } else if (dependent.waitingFor.getAndSet(Integer.MIN_VALUE) >= 0) {
          // Skipped once: its count is out of reach of zero now.
          dependent.outcome = new Outcome.Skipped(cause(node));
          ended.add(dependent);
        }
      }
      unfinished.countDown();
    }
  }

  private void report(ActionNode node) {
    Outcome outcome = Objects.requireNonNull(node.outcome);
    switch (outcome) {
      case Outcome.Executed _ -> executed.incrementAndGet();
      case Outcome.CacheHit _ -> cached.incrementAndGet();
      case Outcome.Failed _ -> failed.incrementAndGet();
      case Outcome.Skipped _ -> skipped.incrementAndGet();
    }
    Duration at = Duration.ofNanos(System.nanoTime() - began);
    scheduler.events.post(new BuildEvent.ActionFinished(node.action, outcome, at));
    if (outcome instanceof Outcome.Failed && !scheduler.keepGoing) {
      stop(node.action.owner());
    }
  }

  private static Label cause(ActionNode node) {
    return node.outcome instanceof Outcome.Skipped(var deeper) ? deeper : node.action.owner();
  }

  private void stop(Label because) {
    if (stoppedBy.compareAndSet(null, because)) {
      threads.shutdownNow();
    }
  }

  private Map<Artifact, Content> inputs(ActionNode node) throws IOException {
    Map<Artifact, Content> inputs = new LinkedHashMap<>();
    for (Artifact input : node.action.inputs()) {
      inputs.put(input, content(input));
    }
    return inputs;
  }

  private Content content(Artifact artifact) throws IOException {
    return switch (artifact) {
      case Artifact.Source source -> {
        Content known = sourceContents.get(source);
        if (known == null) {
          known = scheduler.sources.content(source.path());
          sourceContents.put(source, known);
        }
        yield known;
      }
      case Artifact.Derived derived -> {
        ActionNode producer = producers.get(derived);
        ActionResult result = producer == null ? null : producer.result();
        Content content = result == null ? null : result.outputs().get(derived.path());
        if (content == null) {
          throw new IllegalStateException("not made yet: " + derived);
        }
        yield content;
      }
    };
  }

  /// Whether a cached result has every declared output, and its blobs are all here.
  private boolean isWhole(Action action, ActionResult result) throws IOException {
    for (Artifact.Derived output : action.outputs()) {
      Content content = result.outputs().get(output.path());
      if (content == null || !isHere(content)) {
        return false;
      }
    }
    for (Digest reference : result.references()) {
      if (!scheduler.blobs.contains(reference)) {
        return false;
      }
    }
    return true;
  }

  private boolean isHere(Content content) throws IOException {
    return switch (content) {
      case Content.File(var digest, _) -> scheduler.blobs.contains(digest);
      case Content.Symlink _ -> true;
      case Content.Tree(var digest) -> {
        try {
          for (Content leaf : Trees.leaves(digest, scheduler.blobs).values()) {
            if (leaf instanceof Content.File(var file, _) && !scheduler.blobs.contains(file)) {
              yield false;
            }
          }
          yield true;
        } catch (MissingBlobException e) {
          yield false;
        }
      }
    };
  }

  static boolean isCacheable(Action action) {
    return !(action instanceof Action.Builtin builtin) || builtin.type().cacheable();
  }

  private static ActionType.Resource resource(Action action) {
    return switch (action) {
      case Action.Command _ -> ActionType.Resource.CPU;
      case Action.Builtin builtin -> builtin.type().resource();
    };
  }

  private void rethrowIfBroken() {
    Throwable cause = broken.get();
    switch (cause) {
      case null -> {}
      case IOException e -> throw new UncheckedIOException(e);
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(cause);
    }
  }

  private Result result() {
    Map<Artifact, Content> contents = new HashMap<>();
    for (Artifact artifact : wanted) {
      ActionNode producer = producers.get(artifact);
      if (producer == null || producer.result() != null) {
        try {
          contents.put(artifact, content(artifact));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    Map<Action, Outcome> outcomes = new LinkedHashMap<>();
    nodes.forEach((action, node) -> {
      Outcome outcome = node.outcome;
      if (outcome != null) {
        outcomes.put(action, outcome);
      }
    });
    Summary summary =
        new Summary(
            executed.get(),
            cached.get(),
            failed.get(),
            skipped.get(),
            Duration.ofNanos(System.nanoTime() - began));
    scheduler.events.post(new BuildEvent.Finished(summary));
    return new Result(summary, contents, outcomes);
  }
}
