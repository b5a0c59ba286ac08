package dev.athanor.remote;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/// How often something is tried that failed for a reason that may be over in a moment, and with
/// what pauses.
///
/// @param attempts in a row that may bring nothing
/// @param first pause, doubled each time; the real one is a random share of it, so that many
///   threads do not march in step
public record Retries(int attempts, Duration first) {
  public static final Retries DEFAULT = new Retries(5, Duration.ofMillis(100));

  /// Something to try.
  public interface Attempt<T> {
    T call() throws IOException;
  }

  /// Does it until it succeeds, or fails hopelessly, or once too often.
  public <T> T run(Attempt<T> attempt) throws IOException {
    return run(() -> 0, attempt);
  }

  /// The same for something that goes on where it was: attempts that bring something are not
  /// counted.
  ///
  /// @param progress how far it has come
  public <T> T run(LongSupplier progress, Attempt<T> attempt) throws IOException {
    int fruitless = 0;
    while (true) {
      long before = progress.getAsLong();
      try {
        return attempt.call();
      } catch (RemoteException e) {
        fruitless = progress.getAsLong() > before ? 1 : fruitless + 1;
        if (e.isHopeless() || fruitless >= attempts) {
          throw e;
        }
        pause(fruitless);
      }
    }
  }

  /// Waits before another attempt.
  ///
  /// @param failed how many attempts did before
  public void pause(int failed) throws InterruptedIOException {
    long millis = first.toMillis() << Math.min(failed - 1, 10);
    try {
      Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting to try again");
    }
  }
}
