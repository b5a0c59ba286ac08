package dev.athanor.cli;

import dev.athanor.engine.UserException;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/// One command line, understood.
///
/// @param options global flags and those of the command
/// @param arguments the words that are no flags, the command left out
/// @param rest what stood behind `--`
record Invocation(
    Command command,
    CommandLine options,
    List<String> arguments,
    List<String> rest,
    Terminal terminal) {
  Invocation {
    arguments = List.copyOf(arguments);
    rest = List.copyOf(rest);
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
