package dev.athanor.cli;

/// `athanor complete`: how the last word of a command line, which follows `--`, may go on. For the
/// scripts that `athanor completion` prints: a line for each way, with a tab between text and
/// explanation.
final class CompleteCommand implements Command {
  @Override
  public String name() {
    return "complete";
  }

  @Override
  public String usage() {
    return "-- WORDS...";
  }

  @Override
  public String summary() {
    return "Tells how a command line may go on.";
  }

  @Override
  public boolean hidden() {
    return true;
  }

  @Override
  public ExitCode run(Invocation invocation) {
    Completion completion = new Completion(Commands.shown(), invocation.terminal());
    for (Completion.Candidate candidate : completion.of(invocation.rest())) {
      invocation.terminal().out().println(candidate.line());
    }
    return ExitCode.SUCCESS;
  }
}
