package dev.athanor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A Markdown page that is done as it is written, so that what it says stays true:
///
///     Transcript.of(page).run(TestWorkspace.in(temp));
///
/// A page that is wrong is an [AssertionError] with its line. The notation:
///
/// - The blocks marked as `console` are run in their order, all of a page in one workspace. A line
///   `$ COMMAND` is a command, which a backslash at its end continues; the lines below it are what
///   it prints. `cd FOLDER` holds for the commands that follow.
/// - `…` stands for anything within a line, and as a line of its own for any number of lines.
/// - What is compared is standard output alone, or all that a terminal shows: standard error, without
///   the lines of progress, and then standard output.
/// - A command that ends in ` &` goes on until the end of the page. The next one waits until it has
///   printed as many lines as stand below it, at least one.
/// - `<!-- exit: 3 -->` before a block: its last command ends with this code, and not with 0.
/// - `<!-- file: PATH -->` before a block of whatever kind: it is that file from here on; one that
///   begins with `#!` is a program. `<!-- append: PATH -->` adds it to the end of a file.
/// - `<!-- not run: REASON -->` before a `console` block: it is left out.
/// - All other blocks are for readers only.
///
/// Commands go through `sh`, which finds `athanor`; a plain line for it runs in this process. With
/// `-Dathanor.golden=update` output without `…` is written anew into the page.
final class Transcript {
  private static final int SECONDS_TO_START = 120;

  /// A line for Athanor alone: words without anything that a shell would look at, quoted or not.
  private static final Pattern WORD =
      Pattern.compile("'[^']*'|[^\\s'\"$`\\\\|&;<>()*?\\[\\]{}~!]+");

  private static final Pattern PLAIN =
      Pattern.compile("athanor( +(" + WORD.pattern() + "))+", Pattern.DOTALL);

  /// These hand their terminal on to another program, or never end.
  private static final List<String> OWN_PROCESS = List.of("run", "shell", "watch", "serve");

  private final TranscriptPage page;
  private final Map<String, String> meanings = new TreeMap<>();
  private final List<Process> background = new ArrayList<>();
  private String folder = "";

  private Transcript(TranscriptPage page) {
    this.page = page;
  }

  static Transcript of(Path page) {
    try {
      return new Transcript(TranscriptPage.read(page));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Lets a text of the page, such as a port, mean another one in this run. It is replaced in
  /// commands and files, and back again in what they print.
  Transcript where(String text, String meaning) {
    meanings.put(text, meaning);
    return this;
  }

  /// Does all that the page says.
  void run(TestWorkspace workspace) throws IOException, InterruptedException {
    run(workspace, System.getProperty("athanor.golden", "check").equals("update"));
  }

  /// @param update whether to write what is printed into the page
  void run(TestWorkspace workspace, boolean update) throws IOException, InterruptedException {
    Map<TranscriptPage.Run, String> printed = new LinkedHashMap<>();
    try {
      for (TranscriptPage.Step step : page.steps()) {
        switch (step) {
          case TranscriptPage.Write write -> write(write, workspace);
          case TranscriptPage.Run run -> printed.put(run, compare(run, workspace, update));
        }
      }
    } finally {
      background.forEach(Process::destroy);
      for (Process process : background) {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      }
    }
    if (update) {
      update(printed);
    }
  }

  private void write(TranscriptPage.Write write, TestWorkspace workspace) {
    String text = meant(write.text());
    if (write.append()) {
      workspace.write(write.path(), workspace.read(write.path()) + text);
    } else if (text.startsWith("#!")) {
      workspace.program(write.path(), text);
    } else {
      workspace.write(write.path(), text);
    }
  }

  /// A text of the page, as it is in this run.
  private String meant(String text) {
    return replaced(text, meanings);
  }

  /// @return the output that the page is to show
  private String compare(TranscriptPage.Run run, TestWorkspace workspace, boolean update)
      throws IOException, InterruptedException {
    String expected = page.expected(run);
    String where = page.file() + ":" + run.line() + ": $ " + run.command();
    CliResult result = perform(run, workspace, where);
    String out = shown(result.out());
    String all = shown(withoutProgress(result.err())) + out;
    if (ExpectedOutput.matches(expected, out) || ExpectedOutput.matches(expected, all)) {
      return expected;
    }
    if (update && !expected.contains(ExpectedOutput.ANYTHING)) {
      return result.code() == 0 ? out : all;
    }
    throw new AssertionError(where + "\nshould print\n" + expected + "and prints\n" + all);
  }

  private CliResult perform(TranscriptPage.Run run, TestWorkspace workspace, String where)
      throws IOException, InterruptedException {
    String command = meant(run.command());
    if (command.startsWith("cd ")) {
      folder = Path.of(folder).resolve(command.substring(3).strip()).normalize().toString();
      return new CliResult(List.of(command), 0, "", "");
    }
    if (command.endsWith(" &")) {
      int lines = Math.max(1, run.to() - run.from());
      String line = command.substring(0, command.length() - 2);
      return new CliResult(List.of(line), 0, start(workspace, line, lines, where), "");
    }
    CliResult result = once(workspace, command);
    if (result.code() != run.exit()) {
      throw new AssertionError(where + "\nshould end with " + run.exit() + ": " + result);
    }
    return result;
  }

  private CliResult once(TestWorkspace workspace, String command) {
    if (PLAIN.matcher(command).matches()) {
      List<String> words = new ArrayList<>();
      for (Matcher word = WORD.matcher(command); word.find(); ) {
        words.add(word.group().replace("'", ""));
      }
      if (words.stream().noneMatch(OWN_PROCESS::contains)) {
        return workspace.athanorIn(folder, words.subList(1, words.size()).toArray(String[]::new));
      }
    }
    return workspace.shell(folder, command);
  }

  private String start(TestWorkspace workspace, String command, int lines, String where)
      throws IOException, InterruptedException {
    Process process = workspace.startShell(folder, "exec " + command);
    background.add(process);
    StringBuilder printed = new StringBuilder();
    BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    CompletableFuture<Boolean> heard =
        CompletableFuture.supplyAsync(() -> {
          try {
            for (int i = 0; i < lines; i++) {
              String line = out.readLine();
              if (line == null) {
                return false;
              }
              printed.append(line).append('\n');
            }
            return true;
          } catch (IOException e) {
            return false;
          }
        });
    try {
      if (heard.get(SECONDS_TO_START, TimeUnit.SECONDS)) {
        // What else it says must not fill the pipe.
        Thread.ofVirtual().start(() -> out.lines().forEach(_ -> {}));
        return printed.toString();
      }
    } catch (ExecutionException | TimeoutException e) {
      process.destroy();
    }
    throw new AssertionError(where + "\ndoes not start: " + printed);
  }

  private String shown(String printed) {
    Map<String, String> back = new TreeMap<>();
    meanings.forEach((text, meaning) -> back.put(meaning, text));
    String text = replaced(printed, back);
    return text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
  }

  /// Replaces all at once, since what comes in may look like something else that is to go; and a
  /// number only where it is a whole one.
  private static String replaced(String text, Map<String, String> by) {
    if (by.isEmpty()) {
      return text;
    }
    String any = by.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|"));
    return Pattern.compile("(?<!\\d)(?:" + any + ")(?!\\d)")
        .matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement(by.getOrDefault(found.group(), found.group())));
  }

  private static String withoutProgress(String err) {
    return err.lines()
        .filter(line -> !line.matches("\\[\\d+/\\d+\\] .*"))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  private void update(Map<TranscriptPage.Run, String> printed) throws IOException {
    List<String> lines = new ArrayList<>(page.lines());
    for (TranscriptPage.Run run : new ArrayList<>(printed.keySet()).reversed()) {
      List<String> below = lines.subList(run.from(), run.to());
      String text = printed.getOrDefault(run, "");
      below.clear();
      if (!text.isEmpty()) {
        Arrays.stream(text.stripTrailing().split("\n", -1))
            .forEach(line -> below.add((run.indent() + line).stripTrailing()));
      }
    }
    Files.writeString(page.file(), String.join("\n", lines) + "\n");
  }
}
