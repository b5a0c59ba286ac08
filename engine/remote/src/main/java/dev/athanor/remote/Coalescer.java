package dev.athanor.remote;

import dev.athanor.engine.concurrent.Parallel;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/// Makes few large questions of many small ones: while some are on their way, those that come up
/// wait and go together.
///
/// @param <K> what is asked after
final class Coalescer<K> {
  /// Asks after all of them at once; the answer is those for which something holds.
  interface Question<K> {
    Set<K> ask(Set<K> keys) throws IOException;
  }

  private final class Batch {
    private final Set<K> keys = new HashSet<>();
    private final CompletableFuture<Set<K>> answer = new CompletableFuture<>();
  }

  private final Question<K> question;
  private final Semaphore onTheWay;

  /// The one that still takes keys. Guarded by this.
  private Batch open = new Batch();

  /// @param width how many questions may be on their way at once
  Coalescer(int width, Question<K> question) {
    this.question = question;
    this.onTheWay = new Semaphore(width);
  }

  /// The answer for these keys, among others.
  Set<K> ask(Set<K> keys) throws IOException {
    Batch batch;
    boolean first;
    synchronized (this) {
      batch = open;
      first = batch.keys.isEmpty();
      batch.keys.addAll(keys);
    }
    if (first) {
      // The asking thread may be interrupted, which is nobody else's concern.
      Thread.startVirtualThread(() -> send(batch));
    }
    return Parallel.await(batch.answer);
  }

  private void send(Batch batch) {
    onTheWay.acquireUninterruptibly();
    synchronized (this) {
      open = new Batch();
    }
    try {
      batch.answer.complete(question.ask(batch.keys));
    } catch (Throwable e) {
      batch.answer.completeExceptionally(e);
    } finally {
      onTheWay.release();
    }
  }
}
