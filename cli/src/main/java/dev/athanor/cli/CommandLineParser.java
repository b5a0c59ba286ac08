package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.starlark.syntax.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.cli.AmbiguousOptionException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/// Splits a command line into command, flags, arguments and what follows `--`. Flags may stand
/// before or after the command.
final class CommandLineParser {
  private final List<Command> commands;

  CommandLineParser(List<Command> commands) {
    this.commands = commands;
  }

  Invocation parse(List<String> words, Terminal terminal) {
    int dashes = words.indexOf("--");
    List<String> own = dashes < 0 ? words : words.subList(0, dashes);
    List<String> rest = dashes < 0 ? List.of() : words.subList(dashes + 1, words.size());
    List<String> flags = own.stream().filter(word -> !isExclusion(word)).toList();
    Command command = command(flags);
    CommandLine line = parse(GlobalFlags.with(command.options()), flags, command);
    List<String> arguments = new ArrayList<>(line.getArgList());
    // With --help the command is `help`, and the word it stands for is its argument.
    if (!arguments.isEmpty() && isNamed(command, arguments.getFirst())) {
      arguments.removeFirst();
    }
    own.stream().filter(CommandLineParser::isExclusion).forEach(arguments::add);
    return new Invocation(command, line, arguments, rest, terminal);
  }

  /// The command of that name.
  ///
  /// @throws UserException when there is none
  Command find(String name) {
    return commands.stream()
        .filter(command -> isNamed(command, name))
        .findFirst()
        .orElseThrow(() ->
            new UserException(
                "no such command: " + name,
                Optional.ofNullable(Spelling.suggest(name, names()))
                    .map(near -> "did you mean " + near + "?")
                    .orElse("athanor help lists the commands")));
  }

  private Command command(List<String> words) {
    // Which words are arguments depends on which flags take a value, so all flags of all commands
    // count here.
    Options all = GlobalFlags.with(new Options());
    commands.forEach(command -> command.options().getOptions().forEach(all::addOption));
    try {
      CommandLine line = parser().parse(all, known(words, all), true);
      if (line.hasOption("version")) {
        return find("version");
      }
      List<String> arguments =
          line.getArgList().stream().filter(word -> !word.startsWith("-")).toList();
      return find(arguments.isEmpty() || line.hasOption("help") ? "help" : arguments.getFirst());
    } catch (ParseException e) {
      throw new UserException(String.valueOf(e.getMessage()), "athanor help lists the flags", e);
    }
  }

  /// The words without flags that nobody knows: the second pass complains about those.
  private static String[] known(List<String> words, Options all) {
    return words.stream()
        .filter(word ->
            !word.startsWith("--") || all.hasLongOption(word.substring(2).replaceFirst("=.*", "")))
        .toArray(String[]::new);
  }

  private static CommandLine parse(Options options, List<String> words, Command command) {
    try {
      return parser().parse(options, words.toArray(String[]::new), false);
    } catch (AmbiguousOptionException e) {
      throw new UserException(String.valueOf(e.getMessage()), "write the flag out", e);
    } catch (UnrecognizedOptionException e) {
      String flag = e.getOption().replaceFirst("=.*", "");
      List<String> known =
          options.getOptions().stream().map(Option::getLongOpt).map(name -> "--" + name).toList();
      throw new UserException(
          command.name() + " has no flag " + flag,
          Optional.ofNullable(Spelling.suggest(flag, known))
              .map(near -> "did you mean " + near + "?")
              .orElse("athanor help " + command.name() + " lists the flags"),
          e);
    } catch (ParseException e) {
      throw new UserException(
          String.valueOf(e.getMessage()), "athanor help " + command.name() + " lists the flags", e);
    }
  }

  private static DefaultParser parser() {
    return DefaultParser.builder().setAllowPartialMatching(false).get();
  }

  /// `-//pkg/...` is a target pattern, not a flag.
  private static boolean isExclusion(String word) {
    return word.startsWith("-//") || word.startsWith("-:");
  }

  private static boolean isNamed(Command command, String name) {
    return command.name().equals(name) || command.aliases().contains(name);
  }

  private List<String> names() {
    return commands.stream()
        .flatMap(command -> Stream.concat(Stream.of(command.name()), command.aliases().stream()))
        .toList();
  }
}
