package dev.athanor.engine.session;

import dev.athanor.engine.digest.ShortHash;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.rule.Configuration;
import java.util.List;

/// What is asked for, as far as it decides which plan comes of it.
///
/// @param text for people
/// @param key a file name; equal for equal requests to the same program
record Request(String text, String key) {
  static Request of(
      Goal goal, List<TargetPattern> patterns, Configuration configuration, Program program) {
    StringBuilder text = new StringBuilder(goal.name());
    for (TargetPattern pattern : patterns) {
      text.append(' ').append(pattern.text());
    }
    return new Request(
        text.toString(),
        ShortHash.hex(text + "\n" + configuration.text() + "\n" + program.fingerprint()));
  }
}
