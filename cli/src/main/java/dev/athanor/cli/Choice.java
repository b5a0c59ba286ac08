package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.starlark.syntax.Spelling;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.CommandLine;

/// Flags whose value is one of a few words.
final class Choice {
  private Choice() {}

  /// What the flag says, or `otherwise` where it is not given.
  ///
  /// @throws UserException when its value is none of the words
  static <E extends Enum<E>> E of(CommandLine line, String flag, E otherwise) {
    String word = line.getOptionValue(flag);
    if (word == null) {
      return otherwise;
    }
    E[] all = otherwise.getDeclaringClass().getEnumConstants();
    return Arrays.stream(all)
        .filter(choice -> spelled(choice).equals(word))
        .findFirst()
        .orElseThrow(() -> {
          List<String> words = Arrays.stream(all).map(Choice::spelled).toList();
          String near = Spelling.suggest(word, words);
          return new UserException(
              "--" + flag + " cannot be '" + word + "'",
              near == null
                  ? "it is one of " + String.join(", ", words)
                  : "did you mean " + near + "?");
        });
  }

  /// All words of a choice, for its description.
  static String spelled(Enum<?>[] all) {
    return String.join(", ", Arrays.stream(all).map(Choice::spelled).toList());
  }

  private static String spelled(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }
}
