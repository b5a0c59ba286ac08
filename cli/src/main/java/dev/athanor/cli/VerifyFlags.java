package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.verify.Verifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/// The flags of `verify`.
///
/// @param html a file for a page about what was found
/// @param junit a file for the results, as CI systems read them
record VerifyFlags(Verifier.Choice choice, Optional<Path> html, Optional<Path> junit) {
  private static final String VARY = "vary";
  private static final String SAMPLE = "sample";
  private static final String SEED = "sample-seed";
  private static final String CHANGED = "changed";
  private static final String AGAIN = "again";
  private static final String HTML = "html";
  private static final String JUNIT = "junit";

  private static final Map<String, Factor> FACTORS =
      Arrays.stream(Factor.values()).collect(Collectors.toMap(Factor::id, Function.identity()));

  static Options options() {
    return new Options()
        .addOption(
            GlobalFlags.value(
                null, VARY, "FACTORS", "vary only these, or all but those after a -: " + ids()))
        .addOption(
            GlobalFlags.value(
                null,
                SAMPLE,
                "PERCENT",
                "look at this part of what is not known, chosen at random"))
        .addOption(
            GlobalFlags.value(null, SEED, "N", "choose the sample that this number stands for"))
        .addOption(GlobalFlags.flag(null, CHANGED, "look only at actions that run in this build"))
        .addOption(GlobalFlags.flag(null, AGAIN, "look again at what is known to be deterministic"))
        .addOption(GlobalFlags.value(null, HTML, "FILE", "write a page about it to FILE"))
        .addOption(
            GlobalFlags.value(null, JUNIT, "FILE", "write the results to FILE, as JUnit XML"));
  }

  static VerifyFlags of(Invocation invocation) {
    CommandLine line = invocation.options();
    return new VerifyFlags(
        new Verifier.Choice(
            GlobalFlags.last(line, VARY)
                .map(VerifyFlags::factors)
                .orElse(Verifier.Choice.ALL.factors()),
            line.hasOption(CHANGED),
            GlobalFlags.last(line, SAMPLE).map(VerifyFlags::share).orElse(1.0),
            GlobalFlags.last(line, SEED).map(VerifyFlags::seed).orElseGet(System::nanoTime),
            line.hasOption(AGAIN)),
        GlobalFlags.path(line, HTML, invocation.terminal()),
        GlobalFlags.path(line, JUNIT, invocation.terminal()));
  }

  /// Of the sample, where only one is looked at.
  Optional<Long> seed() {
    return choice.share() < 1 ? Optional.of(choice.seed()) : Optional.empty();
  }

  private static Set<Factor> factors(String text) {
    Set<Factor> named = EnumSet.noneOf(Factor.class);
    Set<Factor> excepted = EnumSet.noneOf(Factor.class);
    for (String word : text.split(",", -1)) {
      boolean minus = word.startsWith("-");
      Factor factor = FACTORS.get(minus ? word.substring(1) : word);
      if (factor == null) {
        throw new UserException("--" + VARY + " knows no '" + word + "'", "it knows " + ids());
      }
      (minus ? excepted : named).add(factor);
    }
    Set<Factor> chosen = named.isEmpty() ? EnumSet.allOf(Factor.class) : named;
    chosen.removeAll(excepted);
    if (chosen.isEmpty()) {
      throw new UserException("--" + VARY + "=" + text + " leaves nothing to vary");
    }
    return chosen;
  }

  private static String ids() {
    return Arrays.stream(Factor.values()).map(Factor::id).collect(Collectors.joining(", "));
  }

  private static double share(String text) {
    try {
      String number = text.endsWith("%") ? text.substring(0, text.length() - 1) : text;
      double percent = Double.parseDouble(number);
      if (percent > 0 && percent <= 100) {
        return percent / 100;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new UserException(
        "--" + SAMPLE + " wants a percentage between 0 and 100, not '" + text + "'",
        "as in --" + SAMPLE + "=10");
  }

  private static long seed(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new UserException("--" + SEED + " wants a number, not '" + text + "'");
    }
  }
}
