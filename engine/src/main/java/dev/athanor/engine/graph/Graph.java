package dev.athanor.engine.graph;

import dev.athanor.engine.UserException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Values by key, each computed at most once in a revision, however many ask for it.
///
/// The first to ask computes on its own thread; the others wait. What is asked for together is
/// computed side by side while there are processors to spare, and one after the other where there
/// are none: most values are too cheap for a thread of their own. A computation that is about to
/// wait for another looks first whether that one waits for it, see [Waits].
///
/// A new revision keeps what earlier ones computed. A value is taken over when nothing that it
/// asked for has changed since; one that is computed again and comes out equal counts as unchanged,
/// and so the wave stops there. What a value asked for is looked at in the order in which it was
/// asked for, and no further than the first change: what comes after may not be asked for any more.
public final class Graph implements Evaluation {
  /// How deep computations may nest on one stack. Chains of targets are longer than any stack, so
  /// beyond this the next one starts on a stack of its own.
  private static final int MAX_NESTING = 100;

  private final Map<Key<?>, Node> nodes = new ConcurrentHashMap<>();
  private final Waits waits = new Waits();
  private final LongAdder computed = new LongAdder();

  /// Threads that may be started besides those that ask.
  private final Semaphore spare =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));

  private volatile long revision = 1;

  /// Begins a new revision, in which every [Leaf] is read again. Nothing may be under way.
  public synchronized void refresh() {
    computed.reset();
    revision++;
  }

  /// How many values this revision has computed so far; leaves, and values that were taken over, do
  /// not count.
  public long computed() {
    return computed.sum();
  }

  @Override
  @SuppressWarnings("unchecked") // A key's entry holds what the key computed.
  public <V> V get(Key<V> key) throws InterruptedException {
    return (V) entry(key, null).get();
  }

  @Override
  public <V> List<V> getAll(List<? extends Key<V>> keys) throws InterruptedException {
    return values(entries(keys, null));
  }

  /// Every leaf that anybody has asked for.
  public List<Leaf<?>> leaves() {
    List<Leaf<?>> leaves = new ArrayList<>();
    for (Key<?> key : nodes.keySet()) {
      if (key instanceof Leaf<?> leaf) {
        leaves.add(leaf);
      }
    }
    return leaves;
  }

  /// Every leaf that the value of `key` depends on, however indirectly, with what it said. The
  /// value must have been asked for in this revision.
  public Map<Leaf<?>, Object> leaves(Key<?> key) {
    Map<Leaf<?>, Object> leaves = new LinkedHashMap<>();
    Set<Key<?>> seen = new HashSet<>(Set.of(key));
    ArrayDeque<Key<?>> open = new ArrayDeque<>(seen);
    for (Key<?> at = open.poll(); at != null; at = open.poll()) {
      Node node = nodes.get(at);
      Entry entry = node == null ? null : node.at(revision);
      if (entry == null) {
        throw new IllegalStateException("not asked for in this revision: " + at);
      }
      if (at instanceof Leaf<?> leaf) {
        leaves.put(leaf, entry.get());
      }
      for (List<Key<?>> group : entry.groups()) {
        group.stream().filter(seen::add).forEach(open::add);
      }
    }
    return leaves;
  }

  /// @param asker what asks; null when somebody outside does
  Entry entry(Key<?> key, @Nullable Computation asker) throws InterruptedException {
    Node node = nodes.computeIfAbsent(key, _ -> new Node());
    while (true) {
      Entry known = node.at(revision);
      if (known != null) {
        return known;
      }
      Computation mine = new Computation(this, key, asker);
      Computation running = node.compareAndExchange(null, mine);
      if (running != null) {
        // When that one was interrupted, which we were not, the next round computes afresh.
        waits.await(asker, running);
      } else if (node.at(revision) == null) {
        run(mine, node);
      } else {
        node.set(null);
        mine.end(null);
      }
    }
  }

  private void run(Computation computation, Node node) throws InterruptedException {
    Throwable broken = null;
    try {
      if (computation.depth() % MAX_NESTING == 0) {
        OwnStack.run(() -> settle(computation, node));
      } else {
        settle(computation, node);
      }
    } catch (RuntimeException | Error e) {
      broken = e;
      throw e;
    } finally {
      node.set(null);
      computation.end(broken);
    }
  }

  /// Finds out what the key comes to. Being interrupted is no outcome: it leaves nothing behind.
  private void settle(Computation computation, Node node) throws InterruptedException {
    Entry old = node.latest();
    Entry now;
    try {
      now = old == null ? fresh(computation) : renewed(computation, old);
    } catch (RuntimeException e) {
      if (Thread.interrupted()) {
        // An interrupted thread cannot read files, which looks like an error of those.
        throw new InterruptedException();
      }
      throw e;
    }
    if (now.failure() != null && Thread.interrupted()) {
      throw new InterruptedException();
    }
    node.set(now, revision);
  }

  private Entry fresh(Computation computation) throws InterruptedException {
    Key<?> key = computation.key();
    if (!(key instanceof Leaf<?>)) {
      computed.increment();
    }
    try {
      Object value = key.compute(computation);
      return new Entry(value, null, revision, revision, computation.groups());
    } catch (UserException e) {
      return new Entry(null, e, revision, revision, computation.groups());
    }
  }

  private Entry renewed(Computation computation, Entry old) throws InterruptedException {
    Entry now;
    if (computation.key() instanceof Leaf<?> leaf) {
      now = read(leaf, old);
    } else if (holds(computation, old)) {
      return old;
    } else {
      now = fresh(computation);
    }
    return now.isLike(old) ? now.changedAt(old.changedAt()) : now;
  }

  /// Whether nothing has changed that `old` depends on.
  private boolean holds(Computation computation, Entry old) throws InterruptedException {
    try {
      for (List<Key<?>> group : old.groups()) {
        for (Entry dependency : new Group(this, group, computation, false).entries()) {
          if (dependency.changedAt() > old.builtAt()) {
            return false;
          }
        }
      }
      return true;
    } catch (CycleException e) {
      // Of what was asked for once; whether it is a cycle still, the computation will tell.
      return false;
    }
  }

  @SuppressWarnings("unchecked") // A leaf's entry holds what the leaf read.
  private <V> Entry read(Leaf<V> leaf, Entry old) {
    try {
      return new Entry(leaf.read((V) old.value()), null, revision, revision, List.of());
    } catch (UserException e) {
      return new Entry(null, e, revision, revision, List.of());
    }
  }

  /// Side by side, in the order of the keys. When some fail, the first one's failure is thrown.
  List<Entry> entries(List<? extends Key<?>> keys, @Nullable Computation asker)
      throws InterruptedException {
    return new Group(this, keys, asker, true).entries();
  }

  /// Whether somebody would have to compute or verify the key.
  boolean isOpen(Key<?> key) {
    Node node = nodes.get(key);
    return node == null || node.at(revision) == null;
  }

  /// Takes up to so many of the threads that may be started.
  int takeSpare(int wanted) {
    int taken = 0;
    while (taken < wanted && spare.tryAcquire()) {
      taken++;
    }
    return taken;
  }

  void giveBackSpare(int taken) {
    spare.release(taken);
  }

  @SuppressWarnings("unchecked") // A key's entry holds what the key computed.
  static <V> List<V> values(List<Entry> entries) {
    List<V> values = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      values.add((V) entry.get());
    }
    return Collections.unmodifiableList(values);
  }
}
