package dev.athanor.cli;

import com.google.common.base.Splitter;
import dev.athanor.engine.UserException;
import dev.athanor.engine.exec.Elsewhere;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/// The flags about actions that run on other machines.
///
/// @param url of the server that finds machines for them
/// @param jobs how many may be there at once
/// @param platform properties by which machines are chosen
/// @param hostTools whether they have the same tools as this host
/// @param runner the words that start Athanor there; none when they have none
record ExecutorFlags(
    Optional<String> url,
    int jobs,
    Elsewhere.Strategy strategy,
    SortedMap<String, String> platform,
    boolean hostTools,
    List<String> runner) {
  private static final int USUAL_JOBS = 64;

  ExecutorFlags {
    runner = List.copyOf(runner);
  }

  static Options options() {
    return new Options()
        .addOption(
            GlobalFlags.value(
                null,
                "remote-executor",
                "URL",
                "run actions on workers of the Remote Execution API server at URL"))
        .addOption(
            GlobalFlags.value(
                null, "remote-jobs", "N", "have up to N actions at once on other machines (64)"))
        .addOption(
            GlobalFlags.value(
                null,
                "strategy",
                "NAME",
                "where actions run that workers could take: remote, race or local (remote)"))
        .addOption(
            GlobalFlags.value(
                null,
                "remote-platform",
                "NAME=VALUE",
                "choose workers by this property; repeatable"))
        .addOption(
            GlobalFlags.flag(
                null,
                "remote-host-tools",
                "workers have the same tools as this host: send them commands without an image, too"))
        .addOption(
            GlobalFlags.value(
                null,
                "remote-runner",
                "COMMAND",
                "how workers start Athanor, for actions that it runs itself"));
  }

  static ExecutorFlags of(CommandLine line) {
    Optional<String> url =
        GlobalFlags.last(line, "remote-executor").filter(text -> !text.equals("none"));
    return new ExecutorFlags(
        url,
        GlobalFlags.count(line, "remote-jobs").orElse(USUAL_JOBS),
        strategy(GlobalFlags.last(line, "strategy").orElse("remote")),
        GlobalFlags.pairs(line, "remote-platform"),
        line.hasOption("remote-host-tools"),
        Splitter.on(' ')
            .omitEmptyStrings()
            .splitToList(GlobalFlags.last(line, "remote-runner").orElse("")));
  }

  private static Elsewhere.Strategy strategy(String text) {
    return switch (text) {
      case "remote", "race", "local" -> Elsewhere.Strategy.valueOf(text.toUpperCase(Locale.ROOT));
      default -> throw new UserException("--strategy is remote, race or local, not " + text);
    };
  }
}
