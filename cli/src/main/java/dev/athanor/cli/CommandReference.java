package dev.athanor.cli;

import java.util.Comparator;
import java.util.List;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/// The part of the reference about the command line.
final class CommandReference {
  private final Markdown page;

  CommandReference(Markdown page) {
    this.page = page;
  }

  void write() {
    page.heading(2, "Commands");
    page.table("Command", "");
    for (Command command : Commands.shown()) {
      page.row(page.link("athanor " + command.name()), command.summary());
    }
    page.end();
    page.heading(3, "Flags of every command");
    page.paragraph("They may stand before or after the command.");
    flags(GlobalFlags.options());
    Commands.shown().forEach(this::command);
    exitCodes();
    environment();
  }

  private void command(Command command) {
    page.heading(3, "athanor " + command.name());
    page.code(("athanor " + command.name() + " " + command.usage()).strip());
    if (!command.aliases().isEmpty()) {
      page.paragraph("Also called `" + String.join("`, `", command.aliases()) + "`.");
    }
    page.paragraph(command.summary());
    if (!command.description().isEmpty()) {
      page.code(command.description());
    }
    if (!command.options().getOptions().isEmpty()) {
      flags(command.options());
    }
  }

  private void flags(Options options) {
    page.table("Flag", "");
    options.getOptions().stream()
        .sorted(Comparator.comparing(Option::getLongOpt))
        .forEach(option -> page.row(spelled(option), option.getDescription()));
    page.end();
  }

  private static String spelled(Option option) {
    String value = option.hasArg() ? "=" + option.getArgName() : "";
    String word = "`--" + option.getLongOpt() + value + "`";
    return option.getOpt() == null ? word : word + ", `-" + option.getOpt() + "`";
  }

  private void exitCodes() {
    page.heading(3, "Exit codes");
    page.table("Code", "");
    for (ExitCode code : ExitCode.values()) {
      page.row(String.valueOf(code.number()), meaning(code));
    }
    page.end();
  }

  private static String meaning(ExitCode code) {
    return switch (code) {
      case SUCCESS -> "All is well.";
      case BUILD_FAILED -> "An action failed.";
      case BAD_INPUT -> "The command line, the WORKSPACE or a BUILD file is wrong.";
      case TESTS_FAILED -> "The build succeeded, but a test failed.";
      case NO_TESTS -> "There was nothing to test.";
      case NOT_DETERMINISTIC -> "`verify` found outputs that are not reproducible.";
      case INTERRUPTED -> "The command was interrupted.";
      case MACHINE -> "The machine failed: a full disk, a file that may not be read.";
      case BUG -> "A bug in Athanor.";
    };
  }

  private void environment() {
    page.heading(3, "Environment variables");
    page.table("Variable", "");
    for (List<String> row :
        List.of(
            List.of("`ATHANOR_CACHE_DIR`", "where caches are kept, unless `--cache-dir` says"),
            List.of("`XDG_CACHE_HOME`", "caches are kept in its folder `athanor`, if it is set"),
            List.of(
                "`ATHANOR_CONFIG`",
                "a file with settings of your own, or empty for none; otherwise `athanor/config` below `XDG_CONFIG_HOME` or `~/.config`"),
            List.of("`ATHANOR_JAVA_HOME`", "the JDK that the launcher uses"),
            List.of(
                "`DOCKER_AUTH_CONFIG`, `REGISTRY_AUTH_FILE`, `DOCKER_CONFIG`",
                "where logins of registries are, see [registries.md](registries.md#logins)"),
            List.of(
                "`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`",
                "the way to registries, see [registries.md](registries.md#proxies)"))) {
      page.row(row.toArray(String[]::new));
    }
    page.end();
  }
}
