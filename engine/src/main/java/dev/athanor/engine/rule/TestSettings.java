package dev.athanor.engine.rule;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// How tests are to run, as far as a command says so and not their rules.
///
/// @param runs how often each is run
/// @param attempts how often one is tried until it passes, in place of what its rule says
/// @param filter what the test itself is told to run of it
/// @param arguments after those of the rule
/// @param env besides that of the rule, over which it wins
/// @param timeout in place of that of the rule
public record TestSettings(
    int runs,
    Optional<Integer> attempts,
    Optional<String> filter,
    List<String> arguments,
    SortedMap<String, String> env,
    Optional<Duration> timeout) {
  /// One run, as the rules say.
  public static final TestSettings NONE =
      new TestSettings(
          1, Optional.empty(), Optional.empty(), List.of(), new TreeMap<>(), Optional.empty());

  public TestSettings {
    arguments = List.copyOf(arguments);
    env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
  }

  /// What differs from [#NONE], in words.
  String text() {
    StringBuilder text = new StringBuilder();
    if (runs > 1) {
      text.append(" runs=").append(runs);
    }
    attempts.ifPresent(many -> text.append(" attempts=").append(many));
    filter.ifPresent(only -> text.append(" filter=").append(only));
    if (!arguments.isEmpty()) {
      text.append(" arguments=").append(arguments);
    }
    if (!env.isEmpty()) {
      text.append(" env=").append(env);
    }
    timeout.ifPresent(limit -> text.append(" timeout=").append(limit));
    return text.toString();
  }
}
