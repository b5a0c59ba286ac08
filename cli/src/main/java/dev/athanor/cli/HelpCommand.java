package dev.athanor.cli;

import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/// `athanor help`: what there is, or what one command does.
final class HelpCommand implements Command {
  private static final String FLAGS = "flags";
  private static final int MARGIN = 28;

  @Override
  public String name() {
    return "help";
  }

  @Override
  public String usage() {
    return "[COMMAND|flags]";
  }

  @Override
  public String summary() {
    return "Explains the commands and their flags.";
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(GlobalFlags.flag(null, "markdown", "print the whole reference, in Markdown"));
  }

  @Override
  public ExitCode run(Invocation invocation) {
    PrintStream out = invocation.terminal().out();
    int columns = invocation.terminal().columns();
    List<String> arguments = invocation.arguments();
    if (invocation.options().hasOption("markdown")) {
      out.print(Reference.markdown());
    } else if (arguments.isEmpty()) {
      overview(out);
    } else if (arguments.getFirst().equals(FLAGS)) {
      everyFlag(out, columns);
    } else {
      command(out, columns, new CommandLineParser(Commands.all()).find(arguments.getFirst()));
    }
    return ExitCode.SUCCESS;
  }

  private static void overview(PrintStream out) {
    out.println("Athanor builds, runs and publishes container images, hermetically.");
    out.println();
    out.println("usage: athanor COMMAND [FLAGS] [TARGETS]");
    out.println();
    for (Command command : Commands.shown()) {
      String names =
          command.name()
              + (command.aliases().isEmpty() ? "" : ", " + String.join(", ", command.aliases()));
      out.println(String.format(Locale.ROOT, "  %-16s %s", names, command.summary()));
    }
    out.println();
    out.println("athanor help COMMAND explains one, and athanor help flags the flags of them all.");
  }

  private static void everyFlag(PrintStream out, int columns) {
    out.println("Flags of every command; they may stand before or after it.");
    flags(out, columns, "What is built, where, and what is told:", GlobalFlags.general());
    flags(out, columns, "Registries:", RegistryFlags.options());
    flags(out, columns, "A remote cache:", RemoteFlags.options());
    flags(out, columns, "Actions on other machines:", ExecutorFlags.options());
  }

  private static void command(PrintStream out, int columns, Command command) {
    out.println(command.summary());
    out.println();
    out.println(("usage: athanor " + command.name() + " " + command.usage()).strip());
    if (!command.description().isEmpty()) {
      out.println();
      out.println(command.description());
    }
    flags(out, columns, "Flags:", command.options());
    flags(out, columns, "Flags of every command:", GlobalFlags.general());
    out.println();
    out.println("athanor help flags lists more: registries, a remote cache, other machines.");
  }

  private static void flags(PrintStream out, int columns, String title, Options options) {
    if (options.getOptions().isEmpty()) {
      return;
    }
    out.println();
    out.println(title);
    options.getOptions().stream()
        .sorted(Comparator.comparing(Option::getLongOpt))
        .forEach(option -> flag(out, columns, option));
  }

  /// The flag and, beside it, what it does, in as many lines as that takes.
  private static void flag(PrintStream out, int columns, Option option) {
    StringBuilder line = new StringBuilder("  " + spelled(option));
    int start = MARGIN + 3;
    line.append(" ".repeat(Math.max(1, start - line.length())));
    boolean empty = true;
    for (String word : option.getDescription().split(" ", -1)) {
      if (!empty && line.length() + 1 + word.length() > Math.max(columns, start + 20)) {
        out.println(line);
        line = new StringBuilder(" ".repeat(start));
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    out.println(line);
  }

  private static String spelled(Option option) {
    String letter = option.getOpt() == null ? "    " : "-" + option.getOpt() + ", ";
    return letter + "--" + option.getLongOpt() + (option.hasArg() ? "=" + option.getArgName() : "");
  }
}
