package dev.athanor.oci.registry;

import java.time.Duration;
import java.time.Instant;

/// The clock, and waiting for it: a seam for tests.
interface Pacer {
  /// The machine's own.
  Pacer SYSTEM =
      new Pacer() {
        @Override
        public Instant now() {
          return Instant.now();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
          Thread.sleep(duration);
        }
      };

  Instant now();

  void sleep(Duration duration) throws InterruptedException;
}
