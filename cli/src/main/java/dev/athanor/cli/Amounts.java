package dev.athanor.cli;

import dev.athanor.engine.UserException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sizes and times as people write them.
final class Amounts {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})([smhdw])");
  private static final Pattern BYTES = Pattern.compile("([0-9]{1,15})([KMGT]?)i?B?");
  private static final String UNITS = "KMGT";

  private Amounts() {}

  /// `90s`, `15m`, `12h`, `30d`, `2w`.
  static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new UserException("'" + text + "' is no length of time", "such as 12h, 30d or 2w");
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      case "d" -> Duration.ofDays(count);
      default -> Duration.ofDays(7 * count);
    };
  }

  /// `500M`, `20G`, also `20GB` and `20GiB`; all of them powers of 1024.
  static long bytes(String text) {
    Matcher matcher = BYTES.matcher(text);
    if (matcher.matches()) {
      try {
        int power = UNITS.indexOf(matcher.group(2)) + 1;
        long unit = matcher.group(2).isEmpty() ? 1 : 1L << (10 * power);
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
      } catch (ArithmeticException e) {
        // Told below.
      }
    }
    throw new UserException("'" + text + "' is no size", "such as 500M or 20G");
  }

  /// For people: `12.3 MiB`.
  static String text(long bytes) {
    double value = bytes;
    int unit = -1;
    while (value >= 1024 && unit < UNITS.length() - 1) {
      value /= 1024;
      unit++;
    }
    return unit < 0
        ? bytes + " B"
        : String.format(Locale.ROOT, "%.1f %ciB", value, UNITS.charAt(unit));
  }

  /// For people: `1 layer`, `2 layers`, `0 misses`.
  static String count(long count, String noun) {
    String ending = noun.endsWith("s") ? "es" : "s";
    return count + " " + noun + (count == 1 ? "" : ending);
  }

  /// For people: `3 minutes ago`.
  static String ago(Instant then) {
    Duration age = Duration.between(then, Instant.now());
    if (age.toDays() > 0) {
      return amount(age.toDays(), "day");
    }
    if (age.toHours() > 0) {
      return amount(age.toHours(), "hour");
    }
    return age.toMinutes() > 0
        ? amount(age.toMinutes(), "minute")
        : amount(Math.max(0, age.toSeconds()), "second");
  }

  private static String amount(long count, String unit) {
    return count(count, unit) + " ago";
  }
}
