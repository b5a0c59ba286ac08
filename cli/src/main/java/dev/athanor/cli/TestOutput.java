package dev.athanor.cli;

import dev.athanor.engine.UserException;
import java.util.Locale;

/// What is shown of what tests print.
enum TestOutput {
  /// Nothing.
  SUMMARY,
  /// What failed tests print.
  ERRORS,
  ALL;

  static TestOutput parse(String word) {
    for (TestOutput output : values()) {
      if (output.name().equals(word.toUpperCase(Locale.ROOT))) {
        return output;
      }
    }
    throw new UserException("--test-output wants summary, errors or all, not '" + word + "'");
  }
}
