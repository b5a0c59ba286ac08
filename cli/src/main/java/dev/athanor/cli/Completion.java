package dev.athanor.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;

/// How a command line may go on. Never fails: where nothing is known, there are no candidates.
final class Completion {
  /// One way to go on.
  ///
  /// @param text the whole last word; with `/`, `:` or `=` at its end it goes on
  /// @param help may be empty
  record Candidate(String text, String help) {
    /// What the scripts take for "ask the shell for names of files".
    static final Candidate FILE = new Candidate("<file>", "");

    String line() {
      return help.isEmpty() ? text : text + "\t" + help;
    }
  }

  private final List<Command> commands;
  private final Terminal terminal;

  Completion(List<Command> commands, Terminal terminal) {
    this.commands = commands;
    this.terminal = terminal;
  }

  /// @param words what was typed after `athanor`; the last is the one to complete, perhaps empty
  List<Candidate> of(List<String> words) {
    String word = words.isEmpty() ? "" : words.getLast();
    List<String> before = words.subList(0, Math.max(0, words.size() - 1));
    Optional<Command> command = command(before);
    if (before.contains("--") || awaitsValue(before, command) || isValue(word)) {
      return List.of(Candidate.FILE);
    }
    if (word.startsWith("-") && !word.startsWith("-//") && !word.startsWith("-:")) {
      return flags(command, word);
    }
    return command
        .map(known -> arguments(known, before, word))
        .orElseGet(() -> commands(commands, word));
  }

  private Optional<Command> command(List<String> before) {
    for (int i = 0; i < before.size(); i++) {
      Optional<Command> command = named(before.get(i));
      if (command.isPresent() && !awaitsValue(before.subList(0, i), Optional.empty())) {
        return command;
      }
    }
    return Optional.empty();
  }

  private Optional<Command> named(String word) {
    return commands.stream()
        .filter(command -> command.name().equals(word) || command.aliases().contains(word))
        .findFirst();
  }

  private static Stream<Option> options(Optional<Command> command) {
    return GlobalFlags.with(command.map(Command::options).orElseGet(() -> GlobalFlags.options()))
        .getOptions()
        .stream();
  }

  /// Whether the word before is a flag whose value comes now, as in `-C DIR`.
  private static boolean awaitsValue(List<String> before, Optional<Command> command) {
    String last = before.isEmpty() ? "" : before.getLast();
    return last.startsWith("-")
        && options(command)
            .anyMatch(option ->
                option.hasArg()
                    && (last.equals("-" + option.getOpt())
                        || last.equals("--" + option.getLongOpt())));
  }

  private static boolean isValue(String word) {
    return word.startsWith("--") && word.contains("=");
  }

  private static List<Candidate> flags(Optional<Command> command, String word) {
    return options(command)
        .map(option ->
            new Candidate(
                "--" + option.getLongOpt() + (option.hasArg() ? "=" : ""), option.getDescription()))
        .filter(candidate -> candidate.text().startsWith(word))
        .sorted(Comparator.comparing(Candidate::text))
        .toList();
  }

  private static List<Candidate> commands(List<Command> commands, String word) {
    return commands.stream()
        .filter(command -> command.name().startsWith(word))
        .map(command -> new Candidate(command.name(), command.summary()))
        .toList();
  }

  private List<Candidate> arguments(Command command, List<String> before, String word) {
    List<String> choices = choices(command);
    boolean first = command.name().equals(before.getLast()) || choices.isEmpty();
    if (command instanceof HelpCommand || command instanceof WatchCommand) {
      return commands(commands, word);
    }
    if (!choices.isEmpty() && first) {
      return choices.stream()
          .filter(choice -> choice.startsWith(word))
          .map(choice -> new Candidate(choice, ""))
          .toList();
    }
    if (command.usage().isEmpty()) {
      return List.of();
    }
    List<Candidate> candidates = new ArrayList<>(labels(before).of(word));
    return candidates.isEmpty() ? List.of(Candidate.FILE) : candidates;
  }

  /// The words of a usage that begins with a choice, as in `inspect|ls IMAGE`.
  private static List<String> choices(Command command) {
    String first = command.usage().split(" ", -1)[0];
    return first.contains("|") ? List.of(first.split("\\|", -1)) : List.of();
  }

  private LabelCompletion labels(List<String> before) {
    String directory = "";
    for (int i = 0; i < before.size(); i++) {
      String word = before.get(i);
      if (word.startsWith("--directory=")) {
        directory = word.substring("--directory=".length());
      } else if ((word.equals("-C") || word.equals("--directory")) && i + 1 < before.size()) {
        directory = before.get(i + 1);
      }
    }
    return new LabelCompletion(terminal, terminal.directory().resolve(directory).normalize());
  }
}
