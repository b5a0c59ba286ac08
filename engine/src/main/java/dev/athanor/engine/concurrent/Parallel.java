package dev.athanor.engine.concurrent;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Does the same with many things at once, a virtual thread each.
public final class Parallel {
  /// What to do with one of them.
  public interface Task<T> {
    void run(T item) throws IOException;
  }

  private Parallel() {}

  /// Returns when all are done; the first failure interrupts the others and is thrown after they
  /// have ended.
  public static <T> void forEach(Collection<T> items, Task<T> task) throws IOException {
    if (items.size() == 1) {
      task.run(items.iterator().next());
      return;
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var ended = new ExecutorCompletionService<@Nullable Void>(threads);
      List<Future<?>> running = new ArrayList<>();
      for (T item : items) {
        running.add(
            ended.submit(() -> {
              task.run(item);
              return null;
            }));
      }
      try {
        for (int i = 0; i < items.size(); i++) {
          ended.take().get();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      } catch (ExecutionException e) {
        throw rethrown(e.getCause());
      } finally {
        running.forEach(future -> future.cancel(true));
      }
    }
  }

  /// What a future comes to.
  ///
  /// @throws InterruptedIOException when the thread was interrupted while it waited, which it stays
  public static <T> T await(Future<T> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    }
  }

  /// The same failure, in the thread that waited for it.
  public static IOException rethrown(@Nullable Throwable cause) {
    return switch (cause) {
      case IOException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> new IOException(cause);
    };
  }
}
