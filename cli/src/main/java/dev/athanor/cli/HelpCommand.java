package dev.athanor.cli;

import java.io.PrintStream;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/// `athanor help`: what there is, or what one command does.
final class HelpCommand implements Command {
  @Override
  public String name() {
    return "help";
  }

  @Override
  public String usage() {
    return "[COMMAND]";
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
    List<String> arguments = invocation.arguments();
    if (invocation.options().hasOption("markdown")) {
      out.print(Reference.markdown());
    } else if (arguments.isEmpty()) {
      overview(out);
    } else {
      command(out, new CommandLineParser(Commands.all()).find(arguments.getFirst()));
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
    out.println("Flags of every command:");
    flags(out, GlobalFlags.options().getOptions());
  }

  private static void command(PrintStream out, Command command) {
    out.println(command.summary());
    out.println();
    out.println("usage: athanor " + command.name() + " " + command.usage());
    if (!command.description().isEmpty()) {
      out.println();
      out.println(command.description());
    }
    if (!command.options().getOptions().isEmpty()) {
      out.println();
      out.println("Flags:");
      flags(out, command.options().getOptions());
    }
    out.println();
    out.println("Flags of every command:");
    flags(out, GlobalFlags.options().getOptions());
  }

  private static void flags(PrintStream out, Collection<Option> options) {
    options.stream()
        .sorted(Comparator.comparing(Option::getLongOpt))
        .forEach(option ->
            out.println(
                String.format(
                    Locale.ROOT, "  %-28s %s", spelled(option), option.getDescription())));
  }

  private static String spelled(Option option) {
    String letter = option.getOpt() == null ? "    " : "-" + option.getOpt() + ", ";
    return letter + "--" + option.getLongOpt() + (option.hasArg() ? "=" + option.getArgName() : "");
  }
}
