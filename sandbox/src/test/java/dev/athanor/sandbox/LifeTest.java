package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class LifeTest {
  @Test
  void looks_areAMillisecondApart() {
    Life life = Life.first(Instant.EPOCH);

    for (int i = 0; i < 1000; i++) {
      assertThat(life.look()).isEqualTo(Duration.ofMillis(i).toNanos());
    }
  }

  @Test
  void whoeverLooksUntilItIsLater_getsThere() {
    Life life = Life.first(Instant.EPOCH);
    int looks = 0;

    while (life.look() < Duration.ofHours(1).toNanos() && looks < 10_000) {
      looks++;
    }

    assertThat(looks).isLessThan(10_000);
  }
}
