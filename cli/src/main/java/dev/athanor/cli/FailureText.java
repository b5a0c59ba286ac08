package dev.athanor.cli;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.exec.Outcome;
import dev.athanor.engine.exec.ShellWords;
import java.util.ArrayList;
import java.util.List;

/// What people are told of an action that failed: why, what it printed, and how to see for
/// themselves.
final class FailureText {
  /// How much of the output is shown: its end, where errors usually are.
  private static final int MAX_LINES = 500;

  private FailureText() {}

  static List<String> of(Action action, Outcome.Failed failed) {
    List<String> lines = new ArrayList<>();
    lines.add("FAILED " + action.describe() + ": " + failed.message());
    List<String> output = failed.output().lines().toList();
    if (output.size() > MAX_LINES) {
      lines.add("  | ... " + (output.size() - MAX_LINES) + " lines before this ...");
    }
    output.stream()
        .skip(Math.max(0, output.size() - MAX_LINES))
        .forEach(line -> lines.add("  | " + line));
    if (action instanceof Action.Command command) {
      command(command, lines);
    }
    failed
        .command()
        .flatMap(Outcome.Remains::kept)
        .ifPresent(path -> lines.add("  sandbox kept in " + path));
    failed.hint().ifPresent(hint -> lines.add("hint: " + hint));
    return lines;
  }

  private static void command(Action.Command command, List<String> lines) {
    lines.add("  command: " + ShellWords.join(command.argv()));
    String root =
        switch (command.root()) {
          case ExecutionRoot.Host _ -> "the host's programs";
          case ExecutionRoot.Image(Artifact.Derived rootfs, _) -> "the image of " + rootfs.owner();
          case ExecutionRoot.Image(Artifact.Source rootfs, _) -> "the image of " + rootfs.path();
        };
    lines.add("  in a sandbox with " + root + ", in /build");
    lines.add(
        "  reproduce: athanor shell "
            + ShellWords.quote(command.owner().toString())
            + " opens a shell in the same sandbox");
  }
}
