package dev.athanor.oci.registry;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLException;

/// Counts the attempts of one transfer that brought nothing, and waits between them.
///
/// Progress refills the budget: a large blob over a bad line ends when it is there, not after five
/// cuts.
final class RetryBudget {
  private final RetryPolicy policy;
  private final Pacer pacer;
  private final Traffic.Counter traffic;
  private int fruitless;

  RetryBudget(RetryPolicy policy, Pacer pacer, Traffic.Counter traffic) {
    this.policy = policy;
    this.pacer = pacer;
    this.traffic = traffic;
  }

  /// Something new arrived.
  void progressed() {
    fruitless = 0;
  }

  /// Whether to try once more after a broken connection; if so, the pause is over on return.
  boolean mayRetry(IOException failure) throws IOException {
    return !isHopeless(failure) && pause(Optional.empty());
  }

  /// Whether to try once more after `reply`; if so, the pause is over on return.
  boolean mayRetry(Reply reply) throws IOException {
    return reply.isTransient() && pause(reply.retryAfter(pacer.now()));
  }

  private boolean pause(Optional<Duration> asked) throws IOException {
    fruitless++;
    if (fruitless >= policy.fruitless()) {
      return false;
    }
    if (asked.isPresent() && asked.get().compareTo(policy.patience()) > 0) {
      return false;
    }
    traffic.retried();
    sleep(pacer, asked.orElseGet(this::backoff));
    return true;
  }

  /// Between half and all of the doubled pause, so that parallel transfers do not march in step.
  private Duration backoff() {
    long ceiling = policy.first().toMillis() << Math.min(fruitless - 1, 20);
    long millis = Math.min(ceiling, policy.longest().toMillis());
    return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
  }

  static void sleep(Pacer pacer, Duration duration) throws IOException {
    try {
      pacer.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting to try again");
    }
  }

  /// Nobody is there, or nobody whom we may trust: waiting does not help.
  private static boolean isHopeless(IOException failure) {
    return switch (failure) {
      case InterruptedIOException _, UnknownHostException _, ConnectException _ -> true;
      // A handshake that was cut off may succeed the next time, a bad certificate will not.
      case SSLException e -> !(e.getCause() instanceof EOFException);
      default -> false;
    };
  }
}
