package dev.athanor.oci.registry;

import java.time.Duration;

/// How stubborn to be.
///
/// @param fruitless attempts in a row that may pass without a single new byte before we give up
/// @param first pause, doubled each time up to `longest`; the real pause is a random share of it
/// @param patience the longest `Retry-After` that we obey; longer ones fail at once
record RetryPolicy(int fruitless, Duration first, Duration longest, Duration patience) {
  static final RetryPolicy DEFAULT =
      new RetryPolicy(5, Duration.ofMillis(500), Duration.ofSeconds(20), Duration.ofMinutes(2));
}
