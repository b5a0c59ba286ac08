package dev.athanor.cli;

import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.Options;

/// A subcommand.
interface Command {
  String name();

  default List<String> aliases() {
    return List.of();
  }

  /// Its arguments, as in `TARGET...`.
  String usage();

  /// One sentence.
  String summary();

  /// Whether it is for other programs, and no list of commands names it.
  default boolean hidden() {
    return false;
  }

  /// Whether people think of it as a build, the last of which `report` tells of. Other commands
  /// build only to look at something.
  default boolean isBuild() {
    return false;
  }

  /// Further paragraphs for `help COMMAND`; may be empty.
  default String description() {
    return "";
  }

  /// The flags it has besides the global ones.
  default Options options() {
    return new Options();
  }

  ExitCode run(Invocation invocation) throws IOException, InterruptedException;
}
