package dev.athanor.engine.exec;

import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A number of permits that go to the most urgent waiter first.
final class Permits {
  private final ReentrantLock lock = new ReentrantLock();
  private final PriorityQueue<Waiter> waiters = new PriorityQueue<>();
  private int free;
  private long arrivals;

  Permits(int count) {
    free = count;
  }

  /// Waits for a permit.
  ///
  /// @param urgency the higher, the sooner; equals in order of arrival
  void acquire(long urgency) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (free > 0) {
        free--;
        return;
      }
      Waiter waiter = new Waiter(urgency, arrivals++, lock.newCondition());
      waiters.add(waiter);
      try {
        while (!waiter.granted) {
          waiter.signal.await();
        }
      } catch (InterruptedException e) {
        abandon(waiter);
        throw e;
      }
    } finally {
      lock.unlock();
    }
  }

  void release() {
    lock.lock();
    try {
      passOn();
    } finally {
      lock.unlock();
    }
  }

  private void abandon(Waiter waiter) {
    if (waiter.granted) {
      passOn();
    } else {
      waiters.remove(waiter);
    }
  }

  private void passOn() {
    Waiter next = waiters.poll();
    if (next == null) {
      free++;
    } else {
      next.granted = true;
      next.signal.signal();
    }
  }

  private static final class Waiter implements Comparable<Waiter> {
    private final long urgency;
    private final long arrival;
    private final Condition signal;
    private boolean granted;

    Waiter(long urgency, long arrival, Condition signal) {
      this.urgency = urgency;
      this.arrival = arrival;
      this.signal = signal;
    }

    @Override
    public int compareTo(Waiter that) {
      int order = Long.compare(that.urgency, urgency);
      return order != 0 ? order : Long.compare(arrival, that.arrival);
    }
  }
}
