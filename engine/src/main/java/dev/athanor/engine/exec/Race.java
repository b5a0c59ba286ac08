package dev.athanor.engine.exec;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Two ways to the same result, of which the first that succeeds counts. The other is interrupted,
/// has ended before anybody goes on, and what it made is dropped.
final class Race {
  private final CompletableFuture<ActionRunner.Ran> there = new CompletableFuture<>();
  private final CompletableFuture<ActionRunner.Ran> here = new CompletableFuture<>();

  /// Completed when one has succeeded, or both have ended.
  private final CompletableFuture<Void> decided = new CompletableFuture<>();

  private Race() {}

  /// @throws IOException that of `here`, when neither comes to a result
  static ActionRunner.Ran run(Errand.Leg there, Errand.Leg here)
      throws IOException, InterruptedException {
    Race race = new Race();
    Thread remote = race.start(there, race.there);
    Thread local = race.start(here, race.here);
    try {
      race.decided.get();
    } catch (ExecutionException e) {
      throw new AssertionError("nobody fails it", e);
    } finally {
      end(remote);
      end(local);
    }
    return hasWon(race.there) ? result(race.there) : result(race.here);
  }

  private Thread start(Errand.Leg leg, CompletableFuture<ActionRunner.Ran> end) {
    return Thread.startVirtualThread(() -> {
      try {
        end.complete(leg.run());
      } catch (Throwable e) {
        end.completeExceptionally(e);
      }
      if (hasWon(end) || (there.isDone() && here.isDone())) {
        decided.complete(null);
      }
    });
  }

  private static boolean hasWon(CompletableFuture<ActionRunner.Ran> end) {
    return end.isDone()
        && !end.isCompletedExceptionally()
        && end.join() instanceof ActionRunner.Ran.Success;
  }

  private static void end(Thread leg) {
    leg.interrupt();
    boolean interrupted = false;
    while (leg.isAlive()) {
      try {
        leg.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static ActionRunner.Ran result(CompletableFuture<ActionRunner.Ran> end)
      throws IOException, InterruptedException {
    try {
      return end.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case InterruptedException stop -> throw stop;
        case RuntimeException bug -> throw bug;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }
}
