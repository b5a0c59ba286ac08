package dev.athanor.engine.exec;

import dev.athanor.engine.action.ActionType.Resource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How much of the machine may be in use at once, and who gets it next.
///
/// What waits is a task and not a thread: a hundred thousand actions that are ready to run take a
/// hundred thousand small objects. Each resource has a queue of its own, the most urgent task in
/// front, and nobody overtakes within a queue, so that what needs much gets its turn.
final class Permits {
  /// What one task takes while it runs.
  ///
  /// @param count of the resource
  /// @param memoryBytes zero where unknown
  record Claim(Resource resource, int count, long memoryBytes) {}

  /// What waits for permits: once it is submitted, one of its methods is called, once. Both return
  /// quickly.
  interface Task {
    /// Whose task it is.
    Object owner();

    /// Begins the task; whoever is done with it calls [#release].
    void start();

    /// The task will never be started.
    void withdrawn();
  }

  private record Waiter(Claim claim, long urgency, long arrival, Task task)
      implements Comparable<Waiter> {
    @Override
    public int compareTo(Waiter that) {
      int order = Long.compare(that.urgency, urgency);
      return order != 0 ? order : Long.compare(arrival, that.arrival);
    }
  }

  private final Map<Resource, Integer> totals = new EnumMap<>(Resource.class);
  private final Map<Resource, Integer> used = new EnumMap<>(Resource.class);
  private final Map<Resource, PriorityQueue<Waiter>> queues = new EnumMap<>(Resource.class);
  private final LongSupplier totalMemory;
  private long usedMemory;
  private long arrivals;

  /// @param memoryBytes what all tasks together may take
  Permits(Map<Resource, Integer> totals, LongSupplier memoryBytes) {
    this.totals.putAll(totals);
    this.totalMemory = memoryBytes;
    for (Resource resource : Resource.values()) {
      used.put(resource, 0);
      queues.put(resource, new PriorityQueue<>());
    }
  }

  /// Starts the task as soon as what it claims is free; the more urgent, the sooner, and equals in
  /// order of arrival.
  void submit(Claim claim, long urgency, Task task) {
    synchronized (this) {
      queue(claim.resource).add(new Waiter(claim, urgency, arrivals++, task));
    }
    startWhatFits();
  }

  /// Withdraws every task of `owner` that has not started.
  void withdraw(Object owner) {
    List<Waiter> withdrawn = new ArrayList<>();
    synchronized (this) {
      for (PriorityQueue<Waiter> queue : queues.values()) {
        queue.removeIf(waiter -> waiter.task.owner().equals(owner) && withdrawn.add(waiter));
      }
    }
    withdrawn.forEach(waiter -> waiter.task.withdrawn());
  }

  void release(Claim claim) {
    synchronized (this) {
      used.merge(claim.resource, -granted(claim), Integer::sum);
      usedMemory -= claim.memoryBytes;
    }
    startWhatFits();
  }

  private void startWhatFits() {
    for (Resource resource : Resource.values()) {
      for (Waiter next = next(resource); next != null; next = next(resource)) {
        next.task.start();
      }
    }
  }

  private synchronized @Nullable Waiter next(Resource resource) {
    PriorityQueue<Waiter> queue = queue(resource);
    Waiter first = queue.peek();
    if (first == null || !fits(first.claim)) {
      return null;
    }
    used.merge(resource, granted(first.claim), Integer::sum);
    usedMemory += first.claim.memoryBytes;
    return queue.poll();
  }

  private PriorityQueue<Waiter> queue(Resource resource) {
    return Objects.requireNonNull(queues.get(resource));
  }

  /// What claims more than there is fits when nothing else runs.
  private boolean fits(Claim claim) {
    int free = total(claim.resource) - used.getOrDefault(claim.resource, 0);
    return granted(claim) <= free
        && (usedMemory == 0
            || claim.memoryBytes == 0
            || usedMemory + claim.memoryBytes <= totalMemory.getAsLong());
  }

  private int granted(Claim claim) {
    return Math.min(claim.count, total(claim.resource));
  }

  private int total(Resource resource) {
    return totals.getOrDefault(resource, 1);
  }
}
