package dev.athanor.cli.migrate;

import dev.athanor.engine.starlark.syntax.Expression;
import java.util.List;
import java.util.Map;

/// Commands of a shell as genrules.
final class Commands {
  /// What is on the command line of Pants is not on that of Athanor: the host's programs are there,
  /// and nothing is logged that succeeds.
  static final List<String> NEEDLESS = List.of("tools", "log_output", "timeout");

  static final Map<String, String> HINTS =
      Map.of(
          "output_directories", "a rule of your own with declare_directory, or a tar",
          "workdir", "cd in the command",
          "extra_env_vars", "env = {…}: nothing of the environment is seen",
          "runnable_dependencies", "tools = […] and $(location …)");

  private Commands() {}

  static void shellCommand(PantsTarget target, Addresses addresses) {
    List<String> outputs = target.strings("output_files").orElse(List.of());
    if (outputs.isEmpty()
        || !(target.value("command").orElse(null) instanceof Expression.StringLiteral command)) {
      target.leave(
          "a genrule wants a command that is written out, and output_files",
          target.has("output_directories") ? HINTS.getOrDefault("output_directories", "") : "");
      return;
    }
    if (command.value().contains("<<") || command.value().contains("\"\"\"")) {
      target.leave(
          "a command with << or three quotes is not rewritten",
          "a genrule with $$ for a dollar sign; or a script in a file, in its srcs");
      return;
    }
    target.become("genrule");
    target.rename("command", "cmd");
    target.set("command", command(command.value(), addresses.pkg(), outputs));
    target.rename("output_files", "outs");
    String sources =
        target.has("execution_dependencies") ? "execution_dependencies" : "dependencies";
    if (target.has(sources)) {
      target.rename(sources, "srcs");
      Translations.labels(target, sources, addresses);
    }
    for (String argument : target.arguments()) {
      if (NEEDLESS.contains(argument)) {
        target.drop(argument);
      } else if (HINTS.containsKey(argument)) {
        target.comment(
            argument, argument + " has no meaning here", HINTS.getOrDefault(argument, ""));
      }
    }
    target.done("shell_command is a genrule");
  }

  /// In its package's folder, as it was; what it makes is then taken to where a genrule wants it.
  private static String command(String command, String pkg, List<String> outputs) {
    StringBuilder text = new StringBuilder("\"\"\"\n");
    if (!pkg.isEmpty()) {
      text.append("        root=$$PWD; mkdir -p ")
          .append(pkg)
          .append("; cd ")
          .append(pkg)
          .append('\n');
    }
    String escaped = command.replace("\\", "\\\\").replace("$", "$$");
    // Lines of a longer one stay as they are: blanks may be within quotes of the shell.
    text.append(
        escaped.strip().contains("\n")
            ? escaped.replaceFirst("^(\\s*\n)+", "").stripTrailing()
            : "        " + escaped.strip());
    text.append('\n');
    if (!pkg.isEmpty()) {
      text.append("        cd $$root\n");
    }
    String from = pkg.isEmpty() ? "" : pkg + "/";
    for (String output : outputs) {
      text.append("        cp ").append(from).append(output);
      text.append(" $(RULEDIR)/").append(output).append('\n');
    }
    return text.append("    \"\"\"").toString();
  }
}
