package dev.athanor.engine.exec;

import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/// The way of an action that is sent to another machine. Its thread holds no permit of this one,
/// and has to wait for its turn when the action is to run here after all.
///
/// What has to be made again for it, because it was lost, runs here at once: others may wait for
/// that who hold the permit that it would wait for.
///
/// @param action its number
/// @param local what it takes to run the action here
/// @param references blobs that its inputs refer to
record Errand(
    int action,
    Permits permits,
    Permits.Claim local,
    long urgency,
    Supplier<Set<Digest>> references) {
  /// Of the thread; not bound where it holds a permit of this machine.
  static final ScopedValue<Errand> CURRENT = ScopedValue.newInstance();

  /// A step that takes its time.
  @FunctionalInterface
  interface Leg {
    ActionRunner.Ran run() throws IOException, InterruptedException;
  }

  /// Takes the step as soon as this machine has room for it.
  ActionRunner.Ran here(Leg step) throws IOException, InterruptedException {
    Turn turn = new Turn();
    permits.submit(local, urgency, turn);
    try {
      turn.await();
      return step.run();
    } finally {
      permits.withdraw(turn);
      // Nobody withdraws it but this thread, so it came, or never will.
      if (turn.came.join()) {
        permits.release(local);
      }
    }
  }

  private static final class Turn implements Permits.Task {
    private final CompletableFuture<Boolean> came = new CompletableFuture<>();

    @Override
    public Object owner() {
      return this;
    }

    @Override
    public void start() {
      came.complete(true);
    }

    @Override
    public void withdrawn() {
      came.complete(false);
    }

    void await() throws InterruptedException {
      try {
        var _ = came.get();
      } catch (ExecutionException e) {
        throw new AssertionError("nobody fails it", e);
      }
    }
  }
}
