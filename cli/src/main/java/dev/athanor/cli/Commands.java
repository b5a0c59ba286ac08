package dev.athanor.cli;

import java.util.List;
import java.util.Optional;

/// Every subcommand, in the order in which `help` lists them.
final class Commands {
  private Commands() {}

  /// Those for people.
  static List<Command> shown() {
    return all().stream().filter(command -> !command.hidden()).toList();
  }

  static List<Command> all() {
    return List.of(
        new BuildCommand(),
        new TestCommand(),
        new RunImageCommand(),
        new PublishCommand(),
        new LockCommand(),
        new FetchCommand(),
        new LoadCommand(),
        new ImageCommand(),
        new QueryCommand(),
        new WatchCommand(Optional.empty()),
        new WhyCommand(),
        new ReportCommand(),
        new VerifyCommand(),
        new ShellCommand(),
        new ServeCommand(),
        new CleanCommand(),
        new GcCommand(),
        new MigrateCommand(),
        new InfoCommand(),
        new DoctorCommand(),
        new PerformCommand(),
        new CompletionCommand(),
        new CompleteCommand(),
        new HelpCommand(),
        new VersionCommand());
  }
}
