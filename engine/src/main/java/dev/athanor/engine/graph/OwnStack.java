package dev.athanor.engine.graph;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Runs something on a thread of its own and waits for it, as if it had been called here.
final class OwnStack {
  private OwnStack() {}

  interface Task {
    void run() throws InterruptedException;
  }

  static void run(Task task) throws InterruptedException {
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    Thread thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                task.run();
              } catch (Throwable e) {
                thrown.set(e);
              }
            });
    join(thread);
    switch (thrown.get()) {
      case null -> {}
      case InterruptedException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  /// Passes an interrupt on, and waits until the thread has ended all the same.
  private static void join(Thread thread) throws InterruptedException {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        thread.interrupt();
      }
    }
    if (interrupted) {
      throw new InterruptedException();
    }
  }
}
