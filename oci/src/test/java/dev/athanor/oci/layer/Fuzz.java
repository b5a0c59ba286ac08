package dev.athanor.oci.layer;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/// Lets a test try damaged input after damaged input until its time is over.
///
/// `ATHANOR_FUZZ_SECONDS` is the time for all fuzz tests together, `ATHANOR_FUZZ_SEED` where they
/// begin; a failure tells the seed that shows it again. Continuous integration gives a minute and a
/// fresh seed.
public final class Fuzz {
  private static final double SECONDS = Double.parseDouble(env("ATHANOR_FUZZ_SECONDS", "3"));
  private static final long SEED = Long.parseLong(env("ATHANOR_FUZZ_SEED", "1"));

  private Fuzz() {}

  /// One try; all that is random in it comes from `random`.
  public interface Try {
    void run(Random random) throws Exception;
  }

  /// @param share the test's part of the time
  public static void run(double share, Try once) {
    long end = System.nanoTime() + (long) (SECONDS * share * 1e9);
    for (long seed = SEED; seed == SEED || System.nanoTime() < end; seed++) {
      try {
        once.run(new Random(seed));
      } catch (Exception | Error e) {
        throw new AssertionError("fails again with ATHANOR_FUZZ_SEED=" + seed, e);
      }
    }
  }

  /// Changes some bits, some bytes, and some stretches, also to what means something somewhere.
  public static void damage(byte[] bytes, Random random, String meaningful) {
    byte[] marks = meaningful.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = random.nextInt(6); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes[at] = marks[random.nextInt(marks.length)];
        default -> {
          int length = Math.min(random.nextInt(64), bytes.length - at);
          int from = random.nextInt(bytes.length - length);
          System.arraycopy(bytes, from, bytes, at, length);
        }
      }
    }
  }

  private static String env(String name, String otherwise) {
    String value = System.getenv(name);
    return value == null || value.isEmpty() ? otherwise : value;
  }
}
