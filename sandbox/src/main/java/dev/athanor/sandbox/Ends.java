package dev.athanor.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// When processes ended by their own clocks, until somebody hears of it. He hears of them by the
/// number that they have inside, which is another than outside.
final class Ends {
  private final Map<Integer, Integer> inside = new HashMap<>();
  private final Map<Integer, Long> times = new HashMap<>();

  /// @param pid its number outside
  void born(int pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("NSpid:")) {
          int number = Integer.parseInt(line.substring(line.lastIndexOf('\t') + 1).strip());
          inside.put(pid, number);
          times.remove(number);
        }
      }
    } catch (IOException e) {
      // It is gone already.
    }
  }

  void ended(int pid, Life life) {
    Integer number = inside.remove(pid);
    if (number != null) {
      times.put(number, life.nanos());
    }
  }

  /// Someone has waited for that process, if there is one, and lives on no earlier than it ended.
  void heard(Life life, int number) {
    Long time = times.remove(number);
    if (time != null) {
      life.passUntil(time);
    }
  }
}
