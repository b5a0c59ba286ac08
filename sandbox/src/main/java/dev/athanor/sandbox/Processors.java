package dev.athanor.sandbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/// The processors that this JVM may use, by number.
final class Processors {
  /// Of a set of more processors than there are in any machine.
  static final int MASK_BYTES = 1024;

  /// Such as `0-3,8`.
  private static final String ALLOWED = allowed();

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

  static boolean several() {
    return !ALLOWED.matches("[0-9]+");
  }

  /// The first of them, as a set for the kernel.
  static ByteBuffer first() {
    int number = Integer.parseInt(ALLOWED.split("[-,]", -1)[0]);
    // In words of the kernel, whose lowest bit comes first on processors with this byte order.
    return ByteBuffer.allocate(MASK_BYTES).put(number / 8, (byte) (1 << number % 8));
  }
}
