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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Values by key, each computed at most once in a revision, however many ask for it.
///
/// The first to ask computes on its own thread; the others wait. A computation that has waited for
/// a while looks whether the one it waits for waits for it in turn: a cycle does not end by itself,
/// so it is found then, and whoever does not wait long pays nothing.
///
/// A new revision keeps what earlier ones computed. A value is taken over when nothing that it
/// asked for has changed since; one that is computed again and comes out equal counts as unchanged,
/// and so the wave stops there. What a value asked for is looked at in the order in which it was
/// asked for, and no further than the first change: what comes after may not be asked for any more.
public final class Graph implements Evaluation {
  /// How long to wait before looking for a cycle the first time; most waits are far shorter.
  private static final long PATIENCE_MILLIS = 50;

  private final Map<Key<?>, CompletableFuture<Entry>> entries = new ConcurrentHashMap<>();

  /// What was known before this revision began.
  private final Map<Key<?>, Entry> previous = new ConcurrentHashMap<>();

  /// Who waits for whom, among keys that are being computed. Guarded by itself.
  private final Map<Key<?>, Set<Key<?>>> waits = new HashMap<>();

  private final LongAdder computed = new LongAdder();
  private final AtomicLong revision = new AtomicLong(1);

  /// Begins a new revision, in which every [Leaf] is read again. Nothing may be under way.
  public void refresh() {
    entries.forEach((key, entry) -> {
      if (entry.state() == Future.State.SUCCESS) {
        previous.put(key, entry.resultNow());
      }
    });
    entries.clear();
    computed.reset();
    revision.incrementAndGet();
  }

  /// How many values this revision has computed so far; leaves, and values that were taken over, do
  /// not count.
  public long computed() {
    return computed.sum();
  }

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
    private final List<List<Key<?>>> groups = Collections.synchronizedList(new ArrayList<>());

    Computation(@Nullable Key<?> of) {
      this.of = of;
    }

    @Override
    @SuppressWarnings("unchecked") // A key's entry holds what the key computed.
    public <V> V get(Key<V> key) throws InterruptedException {
      groups.add(List.of(key));
      return (V) entry(key).get();
    }

    @Override
    @SuppressWarnings("unchecked") // As above.
    public <V> List<V> getAll(List<? extends Key<V>> keys) throws InterruptedException {
      groups.add(List.copyOf(keys));
      List<V> values = new ArrayList<>();
      for (Entry entry : entries(keys, true)) {
        values.add((V) entry.get());
      }
      return Collections.unmodifiableList(values);
    }

    List<List<Key<?>>> groups() {
      return List.copyOf(groups);
    }

    /// Whether nothing has changed that `old` depends on.
    boolean holds(Entry old) throws InterruptedException {
      for (List<Key<?>> group : old.groups()) {
        for (Entry dependency : entries(group, false)) {
          if (dependency.changedAt() > old.builtAt()) {
            return false;
          }
        }
      }
      return true;
    }

    private Entry entry(Key<?> key) throws InterruptedException {
      while (true) {
        CompletableFuture<Entry> mine = new CompletableFuture<>();
        CompletableFuture<Entry> known = entries.putIfAbsent(key, mine);
        if (known == null) {
          return compute(key, mine);
        }
        try {
          return await(key, known);
        } catch (CancellationException e) {
          // Who computed it was interrupted, we were not: the value is to be had afresh.
        }
      }
    }

    private Entry compute(Key<?> key, CompletableFuture<Entry> into) throws InterruptedException {
      beginWait(key);
      try {
        Graph.this.compute(key, into);
        return outcome(into);
      } finally {
        endWait(key);
      }
    }

    private Entry await(Key<?> key, CompletableFuture<Entry> known) throws InterruptedException {
      if (known.isDone()) {
        return outcome(known);
      }
      beginWait(key);
      try {
        for (long millis = PATIENCE_MILLIS; !ends(known, millis); millis *= 4) {
          checkForCycle(key);
        }
        return outcome(known);
      } finally {
        endWait(key);
      }
    }

    /// Side by side, in the order of the keys.
    ///
    /// With `failFast`, when one fails the others are stopped, and have ended on return: what still
    /// ran would be taken for something that waits.
    private List<Entry> entries(List<? extends Key<?>> keys, boolean failFast)
        throws InterruptedException {
      if (keys.size() <= 1) {
        return keys.isEmpty() ? List.of() : List.of(entry(keys.getFirst()));
      }
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        try {
          List<Future<Entry>> futures = new ArrayList<>();
          for (Key<?> key : keys) {
            futures.add(threads.submit(() -> entry(key)));
          }
          List<Entry> results = new ArrayList<>();
          for (Future<Entry> future : futures) {
            Entry entry = outcome(future);
            if (failFast) {
              var _ = entry.get();
            }
            results.add(entry);
          }
          return results;
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
        waits.computeIfAbsent(waiter, _ -> new HashSet<>()).add(key);
      }
    }

    /// Throws when `key` waits for the very key that this is the computation of. Whoever finds a
    /// cycle breaks it, so that only one does.
    private void checkForCycle(Key<?> key) {
      Key<?> waiter = of;
      if (waiter == null) {
        return;
      }
      synchronized (waits) {
        List<Key<?>> path = path(key, waiter);
        if (!path.isEmpty()) {
          waits.getOrDefault(waiter, Set.of()).remove(key);
          path.add(key);
          throw new CycleException(path);
        }
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

  private void compute(Key<?> key, CompletableFuture<Entry> into) throws InterruptedException {
    try {
      Entry old = previous.get(key);
      into.complete(old == null ? fresh(key) : renewed(key, old));
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

  private Entry fresh(Key<?> key) throws InterruptedException {
    Computation computation = new Computation(key);
    long now = revision.get();
    if (!(key instanceof Leaf<?>)) {
      computed.increment();
    }
    try {
      Object value = key.compute(computation);
      return new Entry(value, null, now, now, computation.groups());
    } catch (UserException e) {
      return new Entry(null, e, now, now, computation.groups());
    }
  }

  private Entry renewed(Key<?> key, Entry old) throws InterruptedException {
    Entry now;
    if (key instanceof Leaf<?> leaf) {
      now = read(leaf, old);
    } else if (new Computation(key).holds(old)) {
      return old;
    } else {
      now = fresh(key);
    }
    return now.isLike(old) ? now.changedAt(old.changedAt()) : now;
  }

  @SuppressWarnings("unchecked") // A leaf's entry holds what the leaf read.
  private <V> Entry read(Leaf<V> leaf, Entry old) {
    long now = revision.get();
    try {
      return new Entry(leaf.read((V) old.value()), null, now, now, List.of());
    } catch (UserException e) {
      return new Entry(null, e, now, now, List.of());
    }
  }

  /// Being interrupted is no outcome: whoever asks next computes afresh.
  private void forget(Key<?> key, CompletableFuture<Entry> value) {
    entries.remove(key, value);
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

  /// Whether the value is there within the time, or will never be.
  private static boolean ends(CompletableFuture<?> future, long millis)
      throws InterruptedException {
    try {
      var _ = future.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      // An end as well: who asks for the outcome is told.
    }
    return true;
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
