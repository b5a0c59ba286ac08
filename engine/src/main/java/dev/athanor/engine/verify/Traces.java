package dev.athanor.engine.verify;

import dev.athanor.engine.diff.Difference;
import dev.athanor.engine.exec.Circumstances;
import dev.athanor.engine.exec.Factor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How the other value of a factor looks where it got into an output.
final class Traces {
  private static final int SECONDS = 20;

  private Traces() {}

  /// Whether a difference shows it on its second side only.
  static boolean in(Difference difference, Factor factor) {
    String name = difference.where().getLast();
    return words(factor).stream()
        .anyMatch(word ->
            !shows(difference.before(), word)
                && (shows(difference.after(), word)
                    || (difference.before().isEmpty() && shows(name, word))));
  }

  /// Whether the word stands there for itself, and not within a longer number or name.
  private static boolean shows(String text, String word) {
    for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      int end = at + word.length();
      boolean begins = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
      boolean ends = end == text.length() || !Character.isLetterOrDigit(text.charAt(end));
      if (begins && ends) {
        return true;
      }
    }
    return false;
  }

  /// Any of which is a trace.
  private static List<String> words(Factor factor) {
    return switch (factor) {
      case TIME -> times(Circumstances.TIME);
      case INPUT_TIMES -> times(Circumstances.INPUT_TIME);
      case TIME_ZONE -> List.of("0545", "05:45", "ELSWT");
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

  /// The year, the seconds since 1970, and their upper half in windows of bytes. A clock moves on
  /// while it is looked at, by no more than some seconds.
  private static List<String> times(Instant time) {
    String hex = String.format(Locale.ROOT, "%08x", time.getEpochSecond());
    List<String> words = new ArrayList<>();
    words.add(time.toString().substring(0, "2037-11-09".length()));
    words.add(time.toString().substring(0, "2037".length()));
    words.add(hex.substring(0, 2) + " " + hex.substring(2, 4));
    words.add(hex.substring(2, 4) + " " + hex.substring(0, 2));
    for (int later = 0; later < SECONDS; later++) {
      words.add(Long.toString(time.getEpochSecond() + later));
    }
    return words;
  }
}
