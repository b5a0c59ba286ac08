package dev.athanor.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a Markdown page asks to be done, in its order; see [Transcript] for the notation.
///
/// @param lines of the page
record TranscriptPage(Path file, List<String> lines, List<Step> steps) {
  private static final Pattern FENCE = Pattern.compile("( *)(```+)([\\w-]*)\\s*");
  private static final Pattern COMMENT =
      Pattern.compile("\\s*<!-- *(file|append|exit|not run)\\b:?(.*?)-->\\s*");

  TranscriptPage {
    lines = List.copyOf(lines);
    steps = List.copyOf(steps);
  }

  sealed interface Step {
    /// Where it stands in the page, counted from one.
    int line();
  }

  /// A block that is a file of the workspace.
  record Write(int line, String path, String text, boolean append) implements Step {}

  /// A command and the output that stands below it, in the lines `from` (from zero) to before `to`.
  ///
  /// @param indent of the block's lines
  record Run(int line, String command, int from, int to, String indent, int exit) implements Step {}

  static TranscriptPage read(Path file) throws IOException {
    return new Reader(file, Files.readAllLines(file)).page();
  }

  String expected(Run run) {
    StringBuilder text = new StringBuilder();
    for (String line : lines.subList(run.from, run.to)) {
      text.append(unindented(line, run.indent)).append('\n');
    }
    return text.toString();
  }

  private static String unindented(String line, String indent) {
    return line.startsWith(indent) ? line.substring(indent.length()) : line.strip();
  }

  /// One pass over the lines of a page.
  private static final class Reader {
    private final Path file;
    private final List<String> lines;
    private final List<Step> steps = new ArrayList<>();
    // The comment before the next block: its word, what it says, and its line.
    private String word = "";
    private String says = "";
    private int said;

    Reader(Path file, List<String> lines) {
      this.file = file;
      this.lines = lines;
    }

    TranscriptPage page() {
      for (int i = 0; i < lines.size(); i++) {
        Matcher fence = FENCE.matcher(lines.get(i));
        Matcher comment = COMMENT.matcher(lines.get(i));
        if (fence.matches()) {
          int end = end(i, fence.group(2));
          block(i, end, fence.group(1), fence.group(3));
          i = end;
        } else if (comment.matches()) {
          noBlockBefore();
          word = comment.group(1);
          says = comment.group(2).strip();
          said = i;
          check(i, !says.isEmpty(), "'" + word + "' wants a word behind it");
        } else if (!lines.get(i).isBlank()) {
          noBlockBefore();
        }
      }
      noBlockBefore();
      return new TranscriptPage(file, lines, steps);
    }

    private void noBlockBefore() {
      check(said, word.isEmpty(), "'" + word + "' stands before no block");
    }

    private int end(int start, String fence) {
      for (int i = start + 1; i < lines.size(); i++) {
        if (lines.get(i).strip().equals(fence)) {
          return i;
        }
      }
      throw wrong(start, "the block has no end");
    }

    private void block(int start, int end, String indent, String kind) {
      String comment = word;
      word = "";
      boolean console = kind.equals("console");
      switch (comment) {
        case "file", "append" -> {
          check(start, !console, "a block of commands is no file");
          StringBuilder text = new StringBuilder();
          lines
              .subList(start + 1, end)
              .forEach(line -> text.append(unindented(line, indent)).append('\n'));
          steps.add(new Write(start + 1, says, text.toString(), comment.equals("append")));
        }
        case "not run" -> check(start, console, "only a block of commands is run");
        default -> {
          if (console) {
            commands(start, end, indent, comment.equals("exit") ? Integer.parseInt(says) : 0);
          } else {
            check(start, comment.isEmpty(), "only a block of commands has an exit code");
          }
        }
      }
    }

    /// @param exit code of the last command
    private void commands(int start, int end, String indent, int exit) {
      int at = start + 1;
      while (at < end) {
        int line = at;
        String first = unindented(lines.get(at++), indent);
        check(line, first.startsWith("$ "), "a block of commands begins with '$ '");
        StringBuilder command = new StringBuilder(first.substring(2));
        while (command.toString().endsWith("\\") && at < end) {
          command.append('\n').append(unindented(lines.get(at++), indent));
        }
        int from = at;
        while (at < end && !unindented(lines.get(at), indent).startsWith("$ ")) {
          at++;
        }
        steps.add(new Run(line + 1, command.toString(), from, at, indent, at == end ? exit : 0));
      }
    }

    private void check(int line, boolean right, String otherwise) {
      if (!right) {
        throw wrong(line, otherwise);
      }
    }

    private AssertionError wrong(int line, String what) {
      return new AssertionError(file + ":" + (line + 1) + ": " + what);
    }
  }
}
