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
import org.apache.commons.cli.MissingArgumentException;
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
    if (command instanceof WatchCommand) {
      return watch(words, command, terminal);
    }
    CommandLine line = parse(GlobalFlags.with(command.options()), flags, command);
    List<String> arguments = new ArrayList<>(line.getArgList());
    if (!arguments.isEmpty() && isNamed(command, arguments.getFirst())) {
      arguments.removeFirst();
    }
    if (line.hasOption("version")) {
      return new Invocation(find("version"), line, List.of(), List.of(), terminal);
    }
    if (line.hasOption("help")) {
      List<String> named = command.name().equals("help") ? arguments : List.of(command.name());
      return new Invocation(find("help"), line, named, List.of(), terminal);
    }
    own.stream().filter(CommandLineParser::isExclusion).forEach(arguments::add);
    Invocation invocation = new Invocation(command, line, arguments, rest, terminal);
    checkWords(invocation);
    return invocation;
  }

  /// What is watched is a command line of its own, with all its flags, but for the word itself.
  private Invocation watch(List<String> words, Command watch, Terminal terminal) {
    List<String> others = new ArrayList<>(words);
    others.remove(WatchCommand.NAME);
    Invocation inner = parse(others, terminal);
    if (inner.options().hasOption("help") || words.contains("help")) {
      List<String> named = inner.arguments().isEmpty() ? List.of(watch.name()) : inner.arguments();
      return new Invocation(find("help"), inner.options(), named, List.of(), terminal);
    }
    if (others.isEmpty()) {
      return new Invocation(watch, inner.options(), List.of(), List.of(), terminal);
    }
    return new Invocation(
        new WatchCommand(Optional.of(inner)),
        inner.options(),
        inner.arguments(),
        inner.rest(),
        terminal);
  }

  private static void checkWords(Invocation invocation) {
    Command command = invocation.command();
    String usage = "usage: athanor " + (command.name() + " " + command.usage()).strip();
    if (command.usage().isEmpty() && !invocation.arguments().isEmpty()) {
      throw new UserException(
          command.name() + " takes no arguments, got " + invocation.arguments().getFirst(), usage);
    }
    if (!command.usage().contains("--") && !invocation.rest().isEmpty()) {
      throw new UserException(command.name() + " takes nothing after --", usage);
    }
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
    if (!words.isEmpty() && !words.getFirst().startsWith("-")) {
      return find(words.getFirst());
    }
    // Which words are arguments depends on which flags take a value, so all flags of all commands
    // count here.
    Options all = GlobalFlags.with(new Options());
    commands.forEach(command -> command.options().getOptions().forEach(all::addOption));
    try {
      CommandLine line = parser().parse(all, known(words, all), true);
      List<String> arguments =
          line.getArgList().stream().filter(word -> !word.startsWith("-")).toList();
      return find(arguments.isEmpty() ? "help" : arguments.getFirst());
    } catch (MissingArgumentException e) {
      throw withoutValue(e);
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
      List<String> known = options.getOptions().stream().map(Option::getLongOpt).toList();
      throw new UserException(
          command.name() + " has no flag " + flag,
          Optional.ofNullable(Spelling.suggest(flag.replaceFirst("^--?", ""), known))
              .map(near -> "did you mean --" + near + "?")
              .orElse("athanor help " + command.name() + " lists the flags"),
          e);
    } catch (MissingArgumentException e) {
      throw withoutValue(e);
    } catch (ParseException e) {
      throw new UserException(
          String.valueOf(e.getMessage()), "athanor help " + command.name() + " lists the flags", e);
    }
  }

  private static UserException withoutValue(MissingArgumentException e) {
    Option flag = e.getOption();
    return new UserException(
        "--" + flag.getLongOpt() + " needs a value",
        "as in --" + flag.getLongOpt() + "=" + flag.getArgName(),
        e);
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
