package dev.athanor.engine.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keys that are asked for at once.
///
/// Where processors are to spare and more than one key is open, a few threads go through the keys
/// together while the asker waits. A failure stops what stands behind it, and nothing before it: so
/// it is always the first key's failure that is told, however the threads happen to run. All have
/// ended on return: what still ran would be taken for something that waits.
final class Group {
  /// More open keys than there will ever be threads.
  private static final int MANY = 64;

  private final Graph graph;
  private final List<? extends Key<?>> keys;
  private final @Nullable Computation asker;
  private final boolean failFast;
  private final @Nullable Entry[] entries;
  private final List<Worker> workers = new ArrayList<>();

  /// The next key that nobody works on. Guarded by this, as is all that follows.
  private int next;

  /// Keys from here on are not wanted any more.
  private int limit;

  /// What broke: neither a value nor a mistake of the user.
  private @Nullable Throwable broken;

  /// @param failFast whether a key that fails makes those behind it unwanted
  Group(Graph graph, List<? extends Key<?>> keys, @Nullable Computation asker, boolean failFast) {
    this.graph = graph;
    this.keys = keys;
    this.asker = asker;
    this.failFast = failFast;
    this.entries = new @Nullable Entry[keys.size()];
    this.limit = keys.size();
  }

  List<Entry> entries() throws InterruptedException {
    int threads = graph.takeSpare(Math.min(openKeys(), keys.size()) - 1);
    if (threads == 0) {
      return oneByOne();
    }
    try {
      sideBySide(threads + 1);
    } finally {
      graph.giveBackSpare(threads);
    }
    return found();
  }

  /// How many keys are worth a thread; no more than there can be threads for are counted.
  private int openKeys() {
    int open = 0;
    for (int i = 0; i < keys.size() && open < MANY; i++) {
      if (graph.isOpen(keys.get(i))) {
        open++;
      }
    }
    return open;
  }

  private List<Entry> oneByOne() throws InterruptedException {
    List<Entry> found = new ArrayList<>(keys.size());
    for (Key<?> key : keys) {
      Entry entry = graph.entry(key, asker);
      if (failFast) {
        var _ = entry.get();
      }
      found.add(entry);
    }
    return found;
  }

  private void sideBySide(int count) throws InterruptedException {
    synchronized (this) {
      for (int i = 0; i < count; i++) {
        workers.add(new Worker());
      }
      workers.forEach(worker -> worker.thread.start());
    }
    boolean interrupted = false;
    for (Worker worker : workers) {
      while (worker.thread.isAlive()) {
        try {
          worker.thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          stopFrom(0);
        }
      }
    }
    if (interrupted) {
      throw new InterruptedException();
    }
  }

  private List<Entry> found() {
    switch (broken) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
    List<Entry> found = new ArrayList<>(keys.size());
    for (Entry entry : entries) {
      if (entry == null) {
        // Behind one that failed: that one was found and throws before this is reached.
        throw new IllegalStateException("stopped without a failure");
      }
      if (failFast) {
        var _ = entry.get();
      }
      found.add(entry);
    }
    return Collections.unmodifiableList(found);
  }

  private synchronized void stopFrom(int index) {
    limit = Math.min(limit, index);
    for (Worker worker : workers) {
      if (worker.at >= limit) {
        worker.thread.interrupt();
      }
    }
  }

  /// The next key to work on, or -1.
  private synchronized int next(Worker worker) {
    worker.at = next < limit ? next++ : -1;
    return worker.at;
  }

  private synchronized void breakWith(Throwable e) {
    broken = e;
    stopFrom(0);
  }

  private final class Worker implements Runnable {
    private final Thread thread = Thread.ofVirtual().unstarted(this);
    private int at = -1;

    @Override
    public void run() {
      try {
        for (int i = next(this); i >= 0; i = next(this)) {
          Entry entry = graph.entry(keys.get(i), asker);
          entries[i] = entry;
          if (failFast && entry.failure() != null) {
            stopFrom(i + 1);
          }
        }
      } catch (InterruptedException e) {
        // What this worked on is not wanted any more.
      } catch (Throwable e) {
        breakWith(e);
      }
    }
  }
}
