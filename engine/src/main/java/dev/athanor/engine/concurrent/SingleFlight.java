package dev.athanor.engine.concurrent;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Lets one of several threads that want the same thing do the work, and the others wait for it.
public final class SingleFlight<K> {
  private final Map<K, CompletableFuture<Void>> running = new ConcurrentHashMap<>();

  /// Work that may fail.
  public interface Work {
    void run() throws IOException;
  }

  /// Runs `work`, or waits for the one that runs under this key already and shares its end. Should
  /// that one be interrupted, which is nobody else's concern, the next in line takes over.
  public void run(K key, Work work) throws IOException {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    @Nullable CompletableFuture<Void> other = running.putIfAbsent(key, mine);
    while (other != null) {
      if (endedWell(other)) {
        return;
      }
      other = running.putIfAbsent(key, mine);
    }
    fly(key, mine, work);
  }

  /// Runs `work`, unless some runs under this key already: then waits for that to end, well or not.
  ///
  /// @return whether `work` was run
  public boolean runUnlessRunning(K key, Work work) throws IOException {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    @Nullable CompletableFuture<Void> other = running.putIfAbsent(key, mine);
    if (other == null) {
      fly(key, mine, work);
      return true;
    }
    try {
      other.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      // Told where it happened.
    }
    return false;
  }

  private void fly(K key, CompletableFuture<Void> mine, Work work) throws IOException {
    try {
      work.run();
      running.remove(key);
      mine.complete(null);
    } catch (Throwable e) {
      running.remove(key);
      mine.completeExceptionally(e);
      throw e;
    }
  }

  /// False when the other thread was interrupted.
  private static boolean endedWell(CompletableFuture<Void> other) throws IOException {
    try {
      other.get();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      if (hasInterruption(e.getCause())) {
        return false;
      }
      throw Parallel.rethrown(e.getCause());
    }
  }

  /// An interruption may have become the cause of another failure on its way up.
  private static boolean hasInterruption(@Nullable Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof InterruptedIOException) {
        return true;
      }
    }
    return false;
  }
}
