package dev.athanor.actions;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.exec.ShellWords;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.rule.RuleContext;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Expands `$(location :x)` and its kin in a command.
///
/// @param attribute that has the command: `cmd`, or `args`, which no shell reads
/// @param locations the files of every label that the command may name
record CommandTemplate(
    RuleContext context,
    String attribute,
    List<Artifact> sources,
    List<Artifact.Derived> outputs,
    Map<Label, List<Artifact>> locations) {

  private static final Pattern VARIABLE = Pattern.compile("\\$(\\([^)]*\\)|.?)", Pattern.DOTALL);

  String expand(String template) {
    return VARIABLE
        .matcher(template)
        .replaceAll(match -> Matcher.quoteReplacement(value(match.group(1))));
  }

  private String value(String after) {
    return switch (after) {
      case "$" -> "$";
      case "@" -> only(outputs, "$@", "output");
      case "<" -> only(sources, "$<", "source");
      case String word when word.startsWith("(") && word.endsWith(")") ->
          variable(word.substring(1, word.length() - 1));
      case "(" -> throw error("'$(' without ')'");
      default -> throw error("'$" + after + "' means nothing");
    };
  }

  private String variable(String text) {
    String[] words = text.trim().split("\\s+", 2);
    return switch (words[0]) {
      case "SRCS" -> paths(sources);
      case "OUTS" -> paths(outputs);
      case "RULEDIR", "@D" -> Artifact.Derived.FOLDER.resolve(context.label().pkg().text()).text();
      case "location", "execpath" -> only(files(words), "$(" + text + ")", "file");
      case "locations", "execpaths" -> paths(files(words));
      default -> throw error("'$(" + text + ")' is not a known variable");
    };
  }

  private List<Artifact> files(String[] words) {
    if (words.length < 2) {
      throw error("'$(" + words[0] + ")' lacks a label");
    }
    Label label = Label.parse(words[1], context.label().pkg());
    List<Artifact> files = locations.get(label);
    if (files == null) {
      throw context.error(
          attribute,
          label + " is none of the files that the target reads or makes",
          "add it to the files that the target reads");
    }
    return files;
  }

  private String only(List<? extends Artifact> artifacts, String variable, String what) {
    if (artifacts.size() != 1) {
      throw context.error(
          attribute,
          variable + " needs exactly one " + what + ", there are " + artifacts.size(),
          "name the file with $(location label)");
    }
    return quote(artifacts.getFirst());
  }

  private String paths(List<? extends Artifact> artifacts) {
    return artifacts.stream().map(this::quote).collect(Collectors.joining(" "));
  }

  /// The path as one shell word, where a shell reads it.
  private String quote(Artifact artifact) {
    String path = artifact.path().text();
    return attribute.equals("cmd") ? ShellWords.quote(path) : path;
  }

  private UserException error(String message) {
    return context.error(attribute, message, "write $$ for a dollar sign that the shell shall see");
  }
}
