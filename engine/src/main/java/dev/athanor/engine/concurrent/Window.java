package dev.athanor.engine.concurrent;

import java.util.ArrayDeque;
import java.util.concurrent.ThreadFactory;

/// Runs tasks in the order in which they come, so many at once, each on a thread that others of
/// them use in turn.
public final class Window {
  private final int width;
  private final ThreadFactory threads;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private int running;

  public Window(int width, ThreadFactory threads) {
    this.width = width;
    this.threads = threads;
  }

  /// Runs the task when its turn comes.
  public void submit(Runnable task) {
    synchronized (this) {
      waiting.add(task);
      if (running == width) {
        return;
      }
      running++;
    }
    threads.newThread(this::work).start();
  }

  private void work() {
    while (true) {
      Runnable task;
      synchronized (this) {
        task = waiting.poll();
        if (task == null) {
          running--;
          return;
        }
      }
      boolean ended = false;
      try {
        task.run();
        ended = true;
      } finally {
        if (!ended) {
          // This thread dies of it; another one goes on with what waits.
          threads.newThread(this::work).start();
        }
      }
    }
  }
}
