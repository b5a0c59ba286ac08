package dev.athanor.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs several commands in one process, for the JVM to learn what the program loads when it
/// starts. Only the script that records the start-up cache uses it.
final class Training {
  private static final String NEXT = "--next--";

  private Training() {}

  /// @param args command lines, with `--next--` between them
  public static void main(String[] args) {
    Terminal terminal =
        new Terminal(
            System.out, System.err, false, 80, System.getenv(), Path.of("").toAbsolutePath());
    List<String> words = new ArrayList<>();
    int worst = 0;
    for (String arg : args) {
      if (arg.equals(NEXT)) {
        worst = Math.max(worst, new Main(terminal).run(words));
        words.clear();
      } else {
        words.add(arg);
      }
    }
    System.exit(Math.max(worst, new Main(terminal).run(words)));
  }
}
