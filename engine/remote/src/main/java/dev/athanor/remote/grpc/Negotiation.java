package dev.athanor.remote.grpc;

import dev.athanor.engine.concurrent.Parallel;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Asks once what a server can do, for all threads. Those that wait share a failure, and the next
/// one to come tries again.
final class Negotiation {
  interface Question {
    Negotiated ask() throws IOException;
  }

  private final Question question;

  /// Guarded by this.
  private @Nullable CompletableFuture<Negotiated> answer;

  Negotiation(Question question) {
    this.question = question;
  }

  Negotiated outcome() throws IOException {
    CompletableFuture<Negotiated> future;
    boolean first;
    synchronized (this) {
      CompletableFuture<Negotiated> asked = answer;
      first = asked == null;
      future = asked == null ? new CompletableFuture<>() : asked;
      answer = future;
    }
    if (first) {
      CompletableFuture<Negotiated> mine = future;
      // Whoever waits may be interrupted, which is nobody else's concern.
      Thread.startVirtualThread(() -> ask(mine));
    }
    return Parallel.await(future);
  }

  private void ask(CompletableFuture<Negotiated> future) {
    try {
      future.complete(question.ask());
    } catch (Throwable e) {
      synchronized (this) {
        answer = null;
      }
      future.completeExceptionally(e);
    }
  }
}
