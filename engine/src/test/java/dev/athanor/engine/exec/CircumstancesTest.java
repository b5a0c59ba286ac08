package dev.athanor.engine.exec;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CircumstancesTest {
  private static final List<ChronoField> PARTS =
      List.of(
          ChronoField.MONTH_OF_YEAR,
          ChronoField.DAY_OF_MONTH,
          ChronoField.DAY_OF_WEEK,
          ChronoField.HOUR_OF_DAY,
          ChronoField.MINUTE_OF_HOUR);

  @Test
  void variedTime_hasNothingInCommonWithNow() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    for (int i = 0; i < 20_000; i++) {
      now = now.plus(Duration.ofMinutes(67)).plusSeconds(1);
      Instant varied = Circumstances.apartFrom(now);
      assertThat(varied.getEpochSecond()).isLessThan(1L << 31);
      for (Duration zone : List.of(Duration.ZERO, Duration.ofMinutes(5 * 60 + 45))) {
        ZonedDateTime there = varied.plus(zone).atZone(ZoneOffset.UTC);
        ZonedDateTime here = now.atZone(ZoneOffset.UTC);
        assertThat(there.getYear()).isEqualTo(2037);
        for (ChronoField part : PARTS) {
          assertWithMessage("%s of %s and %s", part, here, there)
              .that(there.get(part))
              .isNotEqualTo(here.get(part));
        }
      }
    }
  }

  @Test
  void whatAProcessWasGivenOnPurpose_stays() {
    SortedMap<String, String> env = new TreeMap<>();
    env.put("TZ", "Europe/Paris");
    env.put("LC_ALL", "C");
    env.put("LANG", "C.UTF-8");
    Spawn varied = spawn(env).under(Set.of(Factor.values()));

    assertThat(varied.env()).containsEntry("TZ", "Europe/Paris");
    assertThat(varied.env()).containsEntry("LANG", "C.UTF-8");
    assertThat(varied.env()).containsEntry("HOME", Circumstances.HOME);
    assertThat(varied.user()).isEqualTo(Circumstances.USER);
    assertThat(varied.hostname()).isEqualTo(Circumstances.HOST_NAME);
  }

  @Test
  void withNothingVaried_allStays() {
    Spawn spawn = spawn(new TreeMap<>());

    assertThat(spawn.under(Set.of())).isEqualTo(spawn);
  }

  private static Spawn spawn(SortedMap<String, String> env) {
    return new Spawn(
        List.of("true"),
        env,
        "/build",
        new Spawn.Root.Host(List.of()),
        List.of(),
        new Spawn.User(1000, 1000, List.of()),
        "athanor",
        false,
        new Spawn.Limits(Optional.empty(), Optional.empty(), Optional.empty()),
        new Spawn.Stdio.Inherited());
  }
}
