package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.exec.ShellWords;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.plan.PlannedTarget;
import dev.athanor.engine.plan.WantedTarget;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.session.Goal;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.cli.Options;

/// `athanor shell`: opens a shell in the sandbox of an action, with all that it would see.
final class ShellCommand implements Command {
  private static final String OUTPUT = "output";
  private static final String INPUTS = "inputs";

  /// Where the action's own command is to be found inside.
  private static final String SCRIPT = "/tmp/action";

  @Override
  public String name() {
    return "shell";
  }

  @Override
  public String usage() {
    return "TARGET";
  }

  @Override
  public String summary() {
    return "Opens a shell in the sandbox of an action.";
  }

  @Override
  public String description() {
    return """
    Builds what the action reads, lays it out as for the action itself, and opens a shell there:
    the same root, environment, user and limits, and no network. /tmp/action runs the action's
    command. What is left behind is dropped. --output chooses among several actions of a target.\
    """;
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(GlobalFlags.value(null, OUTPUT, "PATH", "the action that makes this file"));
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    try (Workbench bench = new Workbench(invocation)) {
      TargetPattern pattern = bench.patterns(List.of(invocation.onlyTarget())).getFirst();
      if (!(pattern instanceof TargetPattern.Single(Label label))) {
        throw new UserException("shell takes one target, not all of " + pattern.text());
      }
      Action.Command action =
          action(
              bench.session.analyze(List.of(label)).getFirst(),
              Optional.ofNullable(invocation.options().getOptionValue(OUTPUT)));
      BuildResult result =
          bench.session.build(
              Goal.of(
                  "shell " + name(action),
                  target ->
                      WantedTarget.of(
                          target.label(), target.rule(), Map.of(INPUTS, action.inputs()))),
              List.of(pattern),
              _ -> {});
      if (!result.summary().success()) {
        return ExitCode.BUILD_FAILED;
      }
      bench.console.close();
      throw new ExitWith(open(bench, action, inputs(result), invocation));
    }
  }

  private static String name(Action action) {
    return action.outputs().getFirst().visiblePath().text();
  }

  private static Action.Command action(ConfiguredTarget target, Optional<String> output) {
    List<Action.Command> commands =
        target.actions().stream()
            .filter(Action.Command.class::isInstance)
            .map(Action.Command.class::cast)
            .toList();
    if (commands.isEmpty()) {
      throw new UserException(
          target.label() + " (" + target.rule() + ") runs no command in a sandbox",
          "a genrule does, or a test; of an image, 'athanor run' opens the inside");
    }
    List<Action.Command> chosen =
        output.isEmpty()
            ? commands
            : commands.stream().filter(command -> makes(command, output.get())).toList();
    if (chosen.size() != 1) {
      throw new UserException(
          output
              .map(path -> "no action of " + target.label() + " makes " + path)
              .orElse(target.label() + " has several actions"),
          "choose one with --output: "
              + commands.stream().map(ShellCommand::name).collect(Collectors.joining(", ")));
    }
    return chosen.getFirst();
  }

  private static boolean makes(Action action, String path) {
    return action.outputs().stream()
        .anyMatch(output ->
            output.visiblePath().text().equals(path) || output.path().text().equals(path));
  }

  private static Map<Artifact, Content> inputs(BuildResult result) {
    Map<Artifact, Content> inputs = new LinkedHashMap<>();
    for (PlannedTarget target : result.plan().targets()) {
      for (int reference : target.references(INPUTS)) {
        inputs.put(result.plan().artifact(reference), result.content(reference).orElseThrow());
      }
    }
    return inputs;
  }

  private static int open(
      Workbench bench, Action.Command action, Map<Artifact, Content> inputs, Invocation invocation)
      throws IOException, InterruptedException {
    PrintStream err = invocation.terminal().err();
    err.println("the sandbox of " + action.describe() + "; " + SCRIPT + " runs its command:");
    err.println("  " + ShellWords.join(action.argv()));
    err.flush();
    Path folder = Files.createDirectories(bench.cache.scratch("shell"));
    Path script = Files.createTempFile(folder, "action", "");
    try {
      Files.writeString(script, "#!/bin/sh\nexec " + ShellWords.join(action.argv()) + "\n");
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("r-xr-xr-x"));
      return bench
          .actions
          .shell(action, inputs, List.of(new Spawn.Bind(script, SCRIPT, false)))
          .code();
    } finally {
      Files.deleteIfExists(script);
    }
  }
}
