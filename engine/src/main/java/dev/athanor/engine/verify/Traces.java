package dev.athanor.engine.verify;

import dev.athanor.engine.diff.Difference;
import dev.athanor.engine.exec.Circumstances;
import dev.athanor.engine.exec.Factor;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// How the other value of a factor looks where it got into an output.
final class Traces {
  private Traces() {}

  /// Whether a difference shows it on its second side only.
  static boolean in(Difference difference, Factor factor) {
    String name = difference.where().getLast();
    return words(factor).stream()
        .anyMatch(word ->
            !difference.before().contains(word)
                && (difference.after().contains(word)
                    || (difference.before().isEmpty() && name.contains(word))));
  }

  /// Any of which is a trace.
  private static List<String> words(Factor factor) {
    return switch (factor) {
      case TIME -> times(Circumstances.TIME);
      case INPUT_TIMES -> times(Circumstances.INPUT_TIME);
      case TIME_ZONE -> List.of("+0545", "+05:45", "ELSWT");
      case LOCALE -> List.of("tr_TR");
      case HOST_NAME -> List.of(Circumstances.HOST_NAME);
      case USER ->
          List.of(
              Integer.toString(Circumstances.USER.uid()),
              Integer.toString(Circumstances.USER.gid()),
              Integer.toOctalString(Circumstances.USER.uid()),
              Integer.toOctalString(Circumstances.USER.gid()));
      case HOME -> List.of(Circumstances.HOME);
      case PATH -> List.of(Circumstances.DIRECTORY);
      case EXTRA_VARIABLE -> List.of(Circumstances.EXTRA_VARIABLE);
      case KERNEL -> List.of(Circumstances.KERNEL_RELEASE);
      case UMASK,
          ENVIRONMENT_ORDER,
          DIRECTORY_ORDER,
          PROCESSORS,
          ADDRESSES,
          RANDOMNESS,
          PROCESS_IDS,
          THREADS ->
          List.of();
    };
  }

  /// The day, and the number of seconds since 1970 to within hours, as text and as bytes.
  private static List<String> times(Instant time) {
    String seconds = Long.toString(time.getEpochSecond());
    String hex = String.format(Locale.ROOT, "%08x", time.getEpochSecond());
    return List.of(
        time.toString().substring(0, "2037-11-09".length()),
        time.toString().substring(0, "2037".length()),
        seconds.substring(0, seconds.length() - 4),
        hex.substring(0, 4),
        hex.substring(0, 2) + " " + hex.substring(2, 4),
        hex.substring(2, 4) + " " + hex.substring(0, 2));
  }
}
