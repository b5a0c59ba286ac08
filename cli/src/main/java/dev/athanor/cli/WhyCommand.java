package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.engine.history.SavedBuild;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.session.Why;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/// `athanor why`: explains why a target's actions ran, or would run.
final class WhyCommand implements Command {
  private static final String SINCE = "since";
  private static final String UNTIL = "until";

  @Override
  public String name() {
    return "why";
  }

  @Override
  public String usage() {
    return "[TARGET]";
  }

  @Override
  public String summary() {
    return "Explains why a target's actions ran, or would run.";
  }

  @Override
  public String description() {
    return """
    Compares the workspace as it is with the last build of the target, and tells what would run
    and because of which file or flag. When nothing would, it compares the last build of the target
    with the one before it. Runs nothing. Without a target, lists the builds that are remembered.\
    """;
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(
            GlobalFlags.value(
                null, SINCE, "ID", "compare with this build; its first or last digits do"))
        .addOption(
            GlobalFlags.value(null, UNTIL, "ID", "explain this build, and not the last one"));
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    try (Workbench bench = new Workbench(invocation)) {
      if (invocation.arguments().isEmpty()) {
        builds(bench.session.why().builds(), invocation);
      } else {
        Why.Answer answer = answer(bench, invocation);
        if (invocation.json()) {
          invocation.terminal().out().println(WhyJson.of(answer));
        } else {
          WhyText.print(answer, invocation.terminal().out());
        }
      }
      return ExitCode.SUCCESS;
    }
  }

  private static Why.Answer answer(Workbench bench, Invocation invocation)
      throws IOException, InterruptedException {
    TargetPattern pattern = bench.patterns(List.of(invocation.onlyTarget())).getFirst();
    if (!(pattern instanceof TargetPattern.Single(Label label))) {
      throw new UserException(
          "why explains one target, not all of " + pattern.text(),
          "name a target, such as //app:image");
    }
    CommandLine line = invocation.options();
    Why why = bench.session.why();
    if (!line.hasOption(SINCE)) {
      if (line.hasOption(UNTIL)) {
        throw new UserException("--until needs --since", "say which build to compare with");
      }
      return why.explain(label);
    }
    return why.explain(
        label, line.getOptionValue(SINCE), Optional.ofNullable(line.getOptionValue(UNTIL)));
  }

  private static void builds(List<SavedBuild> builds, Invocation invocation) {
    PrintStream out = invocation.terminal().out();
    if (invocation.json()) {
      JsonArray array = new JsonArray();
      builds.forEach(build -> array.add(WhyJson.of(build)));
      JsonObject json = new JsonObject();
      json.add("builds", array);
      out.println(json);
      return;
    }
    if (builds.isEmpty()) {
      out.println("nothing was built here yet");
    }
    for (SavedBuild build : builds) {
      out.println(
          String.format(
              Locale.ROOT,
              "%s  %-16s %5d executed %6d cached %3d failed  %s",
              build.id(),
              ago(build),
              build.executed(),
              build.cached(),
              build.failed(),
              build.request()));
    }
  }

  static String ago(SavedBuild build) {
    return Amounts.ago(Instant.ofEpochMilli(build.id().millis()));
  }
}
