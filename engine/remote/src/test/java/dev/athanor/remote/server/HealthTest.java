package dev.athanor.remote.server;

import static com.google.common.truth.Truth.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class HealthTest {
  @Test
  void answer_countsForAWhile() {
    AtomicInteger trials = new AtomicInteger();
    Health health = new Health(() -> trials.incrementAndGet() != 1, Duration.ofHours(1));
    assertThat(health.isWell()).isFalse();
    assertThat(health.isWell()).isFalse();
    assertThat(trials.get()).isEqualTo(1);
  }

  @Test
  void answer_isSoughtAnew_whenItNoLongerCounts() {
    AtomicInteger trials = new AtomicInteger();
    Health health = new Health(() -> trials.incrementAndGet() != 1, Duration.ZERO);
    assertThat(health.isWell()).isFalse();
    assertThat(health.isWell()).isTrue();
  }
}
