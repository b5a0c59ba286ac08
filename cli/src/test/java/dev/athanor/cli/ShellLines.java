package dev.athanor.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The calls of Athanor in a piece of shell, or in a file that has such.
final class ShellLines {
  private static final Pattern CALL =
      Pattern.compile("(?:^|[\\s;&|(=])(?:[\\w./$]*/)?athanor (?!is )(.*)$");
  private static final Pattern PROMPT = Pattern.compile("\\s*\\w*\\$ ");
  private static final Pattern TOKEN =
      Pattern.compile("\\s+|(?<end>[|&;<>#)]|\\d>).*|(?<part>'[^']*'|\"[^\"]*\"|[^\\s'\"|&;<>)]+)");

  private ShellLines() {}

  /// @param line where it stands, counted from the first
  /// @param words what follows `athanor`
  record Call(int line, List<String> words) {
    Call {
      words = List.copyOf(words);
    }
  }

  /// Where a line has a prompt, only such lines are commands.
  static List<Call> calls(String text) {
    List<Call> calls = new ArrayList<>();
    String[] lines = text.split("\n", -1);
    boolean prompts = text.lines().anyMatch(line -> PROMPT.matcher(line).lookingAt());
    for (int i = 0; i < lines.length; i++) {
      int first = i;
      StringBuilder line = new StringBuilder(lines[i]);
      while (line.toString().endsWith("\\") && i + 1 < lines.length) {
        line.setLength(line.length() - 1);
        line.append(' ').append(lines[++i].strip());
      }
      if (!prompts || PROMPT.matcher(line).lookingAt()) {
        Matcher call = CALL.matcher(line);
        if (!line.toString().strip().startsWith("#") && call.find()) {
          calls.add(new Call(first, words(call.group(1))));
        }
      }
    }
    return calls;
  }

  /// The words up to a redirection, a pipe, a comment or the end of the command, without `…` and
  /// the brackets of a usage.
  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    Matcher token = TOKEN.matcher(text + " ");
    while (token.lookingAt() && token.group("end") == null) {
      String part = token.group("part");
      if (part != null) {
        boolean quoted = part.startsWith("'") || part.startsWith("\"");
        word.append(quoted ? part.substring(1, part.length() - 1) : part);
      } else if (!word.isEmpty()) {
        words.add(word.toString());
        word.setLength(0);
      }
      token.region(token.end(), text.length() + 1);
    }
    if (!word.isEmpty()) {
      words.add(word.toString());
    }
    words.remove("…");
    return words;
  }
}
