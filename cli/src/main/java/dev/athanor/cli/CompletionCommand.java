package dev.athanor.cli;

import dev.athanor.engine.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/// `athanor completion`: teaches a shell to complete command lines.
final class CompletionCommand implements Command {
  private static final List<String> SHELLS = List.of("bash", "zsh", "fish");

  @Override
  public String name() {
    return "completion";
  }

  @Override
  public String usage() {
    return "bash|zsh|fish";
  }

  @Override
  public String summary() {
    return "Prints what makes a shell complete commands, flags and targets.";
  }

  @Override
  public String description() {
    return """
    For bash, in ~/.bashrc:   source <(athanor completion bash)
    For zsh, in ~/.zshrc:     source <(athanor completion zsh)
    For fish:                 athanor completion fish >~/.config/fish/completions/athanor.fish\
    """;
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException {
    List<String> words = invocation.arguments();
    if (words.size() != 1 || !SHELLS.contains(words.getFirst())) {
      throw new UserException(
          "completion wants the name of a shell", "one of " + String.join(", ", SHELLS));
    }
    String script = "completion." + words.getFirst();
    try (InputStream in =
        Objects.requireNonNull(CompletionCommand.class.getResourceAsStream(script))) {
      in.transferTo(invocation.terminal().out());
    }
    return ExitCode.SUCCESS;
  }
}
