package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What stands on a terminal after it was drawn on.
final class ScreenTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  /// The lines of a terminal that was sent all this.
  private List<String> lines() {
    List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
    int row = 0;
    String sent = bytes.toString(StandardCharsets.UTF_8);
    for (int i = 0; i < sent.length(); i++) {
      if (sent.startsWith("\u001b[A", i)) {
        row--;
        i += 2;
      } else if (sent.startsWith("\u001b[K", i)) {
        lines.get(row).setLength(0);
        i += 2;
      } else if (sent.charAt(i) == '\n') {
        row++;
        if (row == lines.size()) {
          lines.add(new StringBuilder());
        }
      } else if (sent.charAt(i) != '\r') {
        lines.get(row).append(sent.charAt(i));
      }
    }
    return lines.stream().map(StringBuilder::toString).toList();
  }

  @Test
  void drawnLines_areReplaced_andPrintedOnesStay() {
    Screen screen = new Screen(out, true, 80);

    screen.draw(List.of("one", "two", "three"));
    screen.print(List.of("stays"));
    screen.draw(List.of("four", "five"));
    screen.draw(List.of("six"));

    assertThat(lines().subList(0, 2)).containsExactly("stays", "six").inOrder();
    assertThat(String.join("", lines())).isEqualTo("stayssix");
  }

  @Test
  void clear_leavesOnlyWhatWasPrinted() {
    Screen screen = new Screen(out, true, 80);

    screen.print(List.of("stays"));
    screen.draw(List.of("one", "two"));
    screen.clear();

    assertThat(String.join("", lines())).isEqualTo("stays");
  }

  /// A line that wraps would be two, and one of them would never be erased.
  @Test
  void longLine_isCut() {
    new Screen(out, true, 20).draw(List.of("x".repeat(50)));

    assertThat(lines().getFirst().length()).isLessThan(20);
    assertThat(lines().getFirst()).endsWith("x...");
  }

  @Test
  void elsewhere_nothingIsDrawn() {
    Screen screen = new Screen(out, false, 80);

    screen.draw(List.of("one"));
    screen.print(List.of("stays"));
    screen.clear();

    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("stays\n");
  }
}
