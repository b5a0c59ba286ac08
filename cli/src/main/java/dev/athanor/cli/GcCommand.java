package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.cas.CacheLayout;
import dev.athanor.engine.gc.Collector;
import dev.athanor.engine.gc.Policy;
import dev.athanor.engine.gc.Survey;
import dev.athanor.engine.gc.Sweep;
import dev.athanor.oci.rootfs.DeleteTree;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/// `athanor gc`: removes from the caches what was not used for long.
final class GcCommand implements Command {
  private static final String MAX_AGE = "max-age";
  private static final String MAX_SIZE = "max-size";
  private static final String DRY_RUN = "dry-run";

  /// Where nothing else is said.
  private static final Duration DEFAULT_AGE = Duration.ofDays(30);

  @Override
  public String name() {
    return "gc";
  }

  @Override
  public String usage() {
    return "";
  }

  @Override
  public String summary() {
    return "Removes from the caches what was not used for long.";
  }

  @Override
  public String description() {
    return """
    Without a flag, what was not used for 30 days goes. What the last build of each request found is
    in use as long as that is built, even when there is nothing to do. Nothing goes that a running
    build may rely on; builds may start at any time. --dry-run removes nothing, and says what would
    go and why.\
    """;
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(
            GlobalFlags.value(
                null, MAX_AGE, "TIME", "remove what was not used for TIME, such as 30d or 12h"))
        .addOption(
            GlobalFlags.value(
                null,
                MAX_SIZE,
                "SIZE",
                "remove what was not used for longest, until the rest is SIZE or less, such as 20G"))
        .addOption(GlobalFlags.flag(null, DRY_RUN, "only say what would go, and why"));
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    CacheFolder cache = new CacheFolder(OpenWorkspace.of(invocation).flags().cacheDir());
    CacheLayout layout = new CacheLayout(cache.root());
    Policy policy = policy(invocation.options());
    Survey survey = new Collector(layout, cache.collected(), Clock.systemUTC()).survey(policy);
    if (invocation.options().hasOption(DRY_RUN)) {
      print(survey, Optional.empty(), invocation);
      return ExitCode.SUCCESS;
    }
    try (Sweep sweep = Sweep.of(layout, DeleteTree::delete)) {
      Sweep.Outcome outcome = sweep.run(survey);
      print(survey, Optional.of(outcome), invocation);
      return outcome.failed() == 0 ? ExitCode.SUCCESS : ExitCode.MACHINE;
    }
  }

  private static Policy policy(CommandLine line) {
    Optional<Duration> age = GlobalFlags.last(line, MAX_AGE).map(Amounts::duration);
    Optional<Long> size = GlobalFlags.last(line, MAX_SIZE).map(Amounts::bytes);
    return new Policy(age.isPresent() || size.isPresent() ? age : Optional.of(DEFAULT_AGE), size);
  }

  private static void print(Survey survey, Optional<Sweep.Outcome> outcome, Invocation invocation) {
    if (invocation.json()) {
      String text = PrettyJson.of(json(survey, outcome));
      invocation.terminal().out().println(text);
    } else {
      GcText.lines(survey, outcome).forEach(invocation.terminal().out()::println);
    }
  }

  private static JsonObject json(Survey survey, Optional<Sweep.Outcome> outcome) {
    JsonObject json = new JsonObject();
    json.addProperty("bytes", survey.bytes());
    survey.inUseSince().ifPresent(since -> json.addProperty("inUseSince", since.toString()));
    json.addProperty("held", survey.held().size());
    JsonArray going = new JsonArray();
    for (Survey.Going each : survey.going()) {
      JsonObject item = new JsonObject();
      item.addProperty("kind", each.item().kind().name());
      item.addProperty("path", each.item().path().toString());
      item.addProperty("bytes", each.item().bytes());
      item.addProperty("used", each.item().used().toString());
      item.addProperty("reason", each.reason().name());
      if (!each.item().name().isEmpty()) {
        item.addProperty("name", each.item().name());
      }
      going.add(item);
    }
    json.add(outcome.isPresent() ? "surveyed" : "wouldRemove", going);
    outcome.ifPresent(done -> {
      json.addProperty("removed", done.removed());
      json.addProperty("removedBytes", done.bytes());
      json.addProperty("spared", done.spared());
      json.addProperty("failed", done.failed());
    });
    return json;
  }
}
