package dev.athanor.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Output as a page shows it, in which `…` stands for what may be different each time.
final class ExpectedOutput {
  static final String ANYTHING = "…";

  private ExpectedOutput() {}

  /// Whether a text is what is expected: `…` stands for anything within a line, and on a line of
  /// its own for any number of lines. Blanks at the end of lines do not count.
  static boolean matches(String expected, String actual) {
    StringBuilder pattern = new StringBuilder();
    for (String line : lines(expected)) {
      pattern.append(
          line.strip().equals(ANYTHING)
              ? "(?:.*\n)*?"
              : Arrays.stream(line.split(ANYTHING, -1))
                      .map(Pattern::quote)
                      .collect(Collectors.joining(".*"))
                  + "\n");
    }
    String text = lines(actual).stream().map(line -> line + "\n").collect(Collectors.joining());
    return Pattern.matches(pattern.toString(), text);
  }

  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>(text.lines().map(String::stripTrailing).toList());
    while (!lines.isEmpty() && lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    return lines;
  }
}
