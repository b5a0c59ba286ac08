package dev.athanor.engine.diff;

import dev.athanor.engine.cas.MemoryBlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Compares bytes in tests, and shows what was found one difference a line.
public final class Compared {
  private Compared() {}

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static Differences of(byte[] before, byte[] after, List<Format> formats)
      throws IOException {
    return new Comparison(new MemoryBlobStore(), formats)
        .of(List.of(), Data.of(before), Data.of(after));
  }

  /// `PLACE ASPECT BEFORE → AFTER`, the steps of a place joined by `: `.
  public static List<String> lines(Differences differences) {
    return differences.list().stream().map(Compared::line).toList();
  }

  public static List<String> lines(byte[] before, byte[] after, List<Format> formats)
      throws IOException {
    return lines(of(before, after, formats));
  }

  private static String line(Difference it) {
    return String.join(": ", it.where())
        + " "
        + it.aspect()
        + " "
        + it.before()
        + " → "
        + it.after();
  }

  /// Compares `bytes` with itself damaged in many ways, and so damaged with itself.
  public static void damaged(byte[] bytes, List<Format> formats) throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      byte[] other = mutated(bytes, random);
      if (of(bytes, other, formats).isEmpty() != Arrays.equals(bytes, other)) {
        throw new AssertionError("mutation " + i + " was not seen as what it is");
      }
      var _ = of(mutated(bytes, random), other, formats);
    }
  }

  private static byte[] mutated(byte[] bytes, Random random) {
    byte[] other = bytes.clone();
    int edits = 1 + random.nextInt(4);
    for (int i = 0; i < edits; i++) {
      // Headers are where most structure is.
      int bound = random.nextBoolean() ? Math.min(other.length, 600) : other.length;
      other[random.nextInt(bound)] = (byte) random.nextInt(256);
    }
    return switch (random.nextInt(4)) {
      case 0 -> Arrays.copyOf(other, 1 + random.nextInt(other.length));
      case 1 -> Arrays.copyOf(other, other.length + random.nextInt(100));
      default -> other;
    };
  }
}
