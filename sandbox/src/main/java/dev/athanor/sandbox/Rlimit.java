package dev.athanor.sandbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A bound on each single process. Commands get the same ones whatever the JVM was started with, as
/// far as the host permits.
///
/// @param resource its number in the kernel
record Rlimit(int resource, long soft, long hard) {
  private static final long INFINITY = -1;
  private static final int DATA = 2;
  private static final int STACK = 3;
  private static final int CORE = 4;
  private static final int NPROC = 6;
  private static final int NOFILE = 7;

  /// What every command gets.
  static List<Rlimit> standard(Path procLimits) throws IOException {
    List<Rlimit> limits = new ArrayList<>();
    limits.add(new Rlimit(CORE, 0, 0));
    for (String line : Files.readAllLines(procLimits)) {
      if (line.startsWith("Max open files")) {
        limits.add(below(NOFILE, 16384, hard(line)));
      } else if (line.startsWith("Max stack size")) {
        limits.add(below(STACK, 8 << 20, hard(line)));
      }
    }
    return limits;
  }

  /// What this process may set at most: nobody without privileges can go above.
  ///
  /// @param data writable memory of a process
  /// @param processes of the same user
  record Ceilings(long data, long processes) {
    static Ceilings read(Path procLimits) throws IOException {
      long data = INFINITY;
      long processes = INFINITY;
      for (String line : Files.readAllLines(procLimits)) {
        if (line.startsWith("Max data size")) {
          data = Rlimit.hard(line);
        } else if (line.startsWith("Max processes")) {
          processes = Rlimit.hard(line);
        }
      }
      return new Ceilings(data, processes);
    }

    private static long lower(long wanted, long ceiling) {
      return ceiling == INFINITY ? wanted : Math.min(wanted, ceiling);
    }
  }

  /// A bound for a control group that could not be had. It is a poor one, as it does not count the
  /// tree: writable memory of each process, or processes of the same user.
  static Rlimit instead(Cgroups.Limit limit, Ceilings ceilings) {
    long value =
        Ceilings.lower(limit.value(), limit.isMemory() ? ceilings.data : ceilings.processes);
    return new Rlimit(limit.isMemory() ? DATA : NPROC, value, value);
  }

  private static Rlimit below(int resource, long wanted, long hard) {
    return new Rlimit(resource, hard == INFINITY ? wanted : Math.min(wanted, hard), hard);
  }

  private static long hard(String line) {
    String[] fields = line.split(" {2,}", -1);
    return fields[2].equals("unlimited") ? INFINITY : Long.parseLong(fields[2]);
  }

  /// As `struct rlimit64`.
  ByteBuffer bytes() {
    return ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(soft).putLong(hard);
  }
}
