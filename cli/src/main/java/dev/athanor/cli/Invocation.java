package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.source.FileChanges;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.apache.commons.cli.CommandLine;

/// One command line, understood.
///
/// @param options global flags and those of the command
/// @param arguments the words that are no flags, the command left out
/// @param rest what stood behind `--`
/// @param looked hears which files the command has looked at, when it ends
record Invocation(
    Command command,
    CommandLine options,
    List<String> arguments,
    List<String> rest,
    Terminal terminal,
    Consumer<Collection<FileChanges.Watched>> looked) {
  Invocation {
    arguments = List.copyOf(arguments);
    rest = List.copyOf(rest);
  }

  Invocation(
      Command command,
      CommandLine options,
      List<String> arguments,
      List<String> rest,
      Terminal terminal) {
    this(command, options, arguments, rest, terminal, _ -> {});
  }

  /// The same, with somebody who hears which files the command has looked at.
  Invocation telling(Consumer<Collection<FileChanges.Watched>> listener) {
    return new Invocation(command, options, arguments, rest, terminal, listener);
  }

  boolean json() {
    return options.hasOption("json");
  }

  /// @throws UserException when there are none
  List<String> targets() {
    if (arguments.isEmpty()) {
      throw new UserException(
          command.name() + " needs a target", "for example: athanor " + command.name() + " //...");
    }
    return arguments;
  }

  /// @throws UserException when there is not exactly one
  String onlyTarget() {
    if (arguments.size() != 1) {
      throw new UserException(
          command.name() + " needs exactly one target, got " + arguments.size(),
          "usage: athanor " + command.name() + " " + command.usage());
    }
    return arguments.getFirst();
  }
}
