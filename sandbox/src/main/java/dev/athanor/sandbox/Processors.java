package dev.athanor.sandbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// The processors that this JVM may use, by number.
final class Processors {
  /// Of a set of more processors than there are in any machine.
  static final int MASK_BYTES = 1024;

  private static final List<Integer> ALLOWED = numbers(allowed());
  private static final AtomicInteger TURN = new AtomicInteger();

  private Processors() {}

  private static String allowed() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("Cpus_allowed_list:")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    } catch (IOException e) {
      // Nobody can tell, then.
    }
    return "0";
  }

  /// Those of a list such as `0-3,8`.
  static List<Integer> numbers(String list) {
    List<Integer> numbers = new ArrayList<>();
    for (String range : list.split(",", -1)) {
      String[] ends = range.split("-", -1);
      int last = Integer.parseInt(ends[ends.length - 1]);
      for (int number = Integer.parseInt(ends[0]); number <= last; number++) {
        numbers.add(number);
      }
    }
    return List.copyOf(numbers);
  }

  static boolean several() {
    return ALLOWED.size() > 1;
  }

  /// One of them, as a set for the kernel: each in its turn, so that commands that run side by side
  /// do not share one while others idle.
  static ByteBuffer next() {
    return set(ALLOWED.get(Math.floorMod(TURN.getAndIncrement(), ALLOWED.size())));
  }

  private static ByteBuffer set(int number) {
    // In words of the kernel, whose lowest bit comes first on processors with this byte order.
    return ByteBuffer.allocate(MASK_BYTES).put(number / 8, (byte) (1 << number % 8));
  }
}
