package dev.athanor.engine.graph;

import dev.athanor.engine.UserException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Values by key, each computed at most once, however many ask for it.
///
/// The first to ask computes on its own thread; the others wait. Before a computation blocks on one
/// that is already running, it looks whether that one waits for it in turn: so cycles are found
/// without cost to the common path.
public final class Graph implements Evaluation {
  private final Map<Key<?>, CompletableFuture<Object>> values = new ConcurrentHashMap<>();

  /// Who waits for whom, among keys that are being computed. Guarded by itself.
  private final Map<Key<?>, Set<Key<?>>> waits = new HashMap<>();

  @Override
  public <V> V get(Key<V> key) throws InterruptedException {
    return new Computation(null).get(key);
  }

  @Override
  public <V> List<V> getAll(List<? extends Key<V>> keys) throws InterruptedException {
    return new Computation(null).getAll(keys);
  }

  /// The view of the graph that belongs to the computation of one key; without a key, the outside.
  private final class Computation implements Evaluation {
    private final @Nullable Key<?> of;

    Computation(@Nullable Key<?> of) {
      this.of = of;
    }

    @Override
    @SuppressWarnings("unchecked") // A key's future holds what the key computed.
    public <V> V get(Key<V> key) throws InterruptedException {
      while (true) {
        CompletableFuture<Object> mine = new CompletableFuture<>();
        CompletableFuture<Object> known = values.putIfAbsent(key, mine);
        if (known == null) {
          return (V) compute(key, mine);
        }
        try {
          return (V) await(key, known);
        } catch (CancellationException e) {
          // Who computed it was interrupted, we were not: the value is to be had afresh.
        }
      }
    }

    private Object compute(Key<?> key, CompletableFuture<Object> into) throws InterruptedException {
      beginWait(key);
      try {
        Graph.this.compute(key, into);
        return outcome(into);
      } finally {
        endWait(key);
      }
    }

    private Object await(Key<?> key, CompletableFuture<Object> known) throws InterruptedException {
      if (known.isDone()) {
        return outcome(known);
      }
      beginWait(key);
      try {
        return outcome(known);
      } finally {
        endWait(key);
      }
    }

    /// When one fails the others are stopped, and have ended on return: what still ran would be
    /// taken for something that waits.
    @Override
    public <V> List<V> getAll(List<? extends Key<V>> keys) throws InterruptedException {
      if (keys.size() <= 1) {
        return keys.isEmpty() ? List.of() : List.of(get(keys.getFirst()));
      }
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        try {
          List<Future<V>> futures = new ArrayList<>();
          for (Key<V> key : keys) {
            futures.add(threads.submit(() -> get(key)));
          }
          List<V> results = new ArrayList<>();
          for (Future<V> future : futures) {
            results.add(outcome(future));
          }
          return Collections.unmodifiableList(results);
        } finally {
          threads.shutdownNow();
        }
      }
    }

    private void beginWait(Key<?> key) {
      Key<?> waiter = of;
      if (waiter == null) {
        return;
      }
      synchronized (waits) {
        List<Key<?>> path = path(key, waiter);
        if (!path.isEmpty()) {
          path.add(key);
          throw new CycleException(path);
        }
        waits.computeIfAbsent(waiter, _ -> new HashSet<>()).add(key);
      }
    }

    private void endWait(Key<?> key) {
      Key<?> waiter = of;
      if (waiter != null) {
        synchronized (waits) {
          Set<Key<?>> keys = waits.get(waiter);
          if (keys != null && keys.remove(key) && keys.isEmpty()) {
            waits.remove(waiter);
          }
        }
      }
    }
  }

  private <V> void compute(Key<V> key, CompletableFuture<Object> into) throws InterruptedException {
    try {
      into.complete(key.compute(new Computation(key)));
    } catch (InterruptedException e) {
      forget(key, into);
      throw e;
    } catch (Throwable e) {
      if (Thread.currentThread().isInterrupted()) {
        // An interrupted thread cannot read files, which looks like an error of those.
        forget(key, into);
        throw new InterruptedException();
      }
      into.completeExceptionally(e);
    }
  }

  /// Being interrupted is no outcome: whoever asks next computes afresh.
  private void forget(Key<?> key, CompletableFuture<Object> value) {
    values.remove(key, value);
    value.cancel(false);
  }

  /// The way from `from` to `to` along the waits, both included; empty when there is none.
  private List<Key<?>> path(Key<?> from, Key<?> to) {
    Map<Key<?>, Key<?>> cameFrom = new HashMap<>();
    ArrayDeque<Key<?>> open = new ArrayDeque<>(List.of(from));
    for (Key<?> at = open.poll(); at != null; at = open.poll()) {
      if (at.equals(to)) {
        List<Key<?>> path = new ArrayList<>();
        for (Key<?> step = at; step != null; step = step.equals(from) ? null : cameFrom.get(step)) {
          path.addFirst(step);
        }
        return path;
      }
      for (Key<?> next : waits.getOrDefault(at, Set.of())) {
        if (cameFrom.putIfAbsent(next, at) == null) {
          open.add(next);
        }
      }
    }
    return List.of();
  }

  private static <V> V outcome(Future<V> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case UserException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case InterruptedException cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }
}
