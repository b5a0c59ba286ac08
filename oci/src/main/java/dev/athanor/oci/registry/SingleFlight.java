package dev.athanor.oci.registry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Lets one of several threads that want the same thing do the work, and the others wait for it.
final class SingleFlight<K> {
  private final Map<K, CompletableFuture<Void>> running = new ConcurrentHashMap<>();

  /// Work that may fail.
  interface Work {
    void run() throws IOException;
  }

  /// Runs `work`, or waits for the one that runs under this key already and shares its end.
  void run(K key, Work work) throws IOException {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    @Nullable CompletableFuture<Void> other = running.putIfAbsent(key, mine);
    if (other != null) {
      await(other);
      return;
    }
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

  private static void await(CompletableFuture<Void> other) throws IOException {
    try {
      other.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      throw Parallel.rethrown(e.getCause());
    }
  }
}
