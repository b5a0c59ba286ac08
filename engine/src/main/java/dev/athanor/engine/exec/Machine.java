package dev.athanor.engine.exec;

import java.lang.management.ManagementFactory;

/// The computer that this process runs on.
public final class Machine {
  private Machine() {}

  /// How much memory it has, or the container; more than there is anywhere when nobody can tell.
  public static long memoryBytes() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean machine
        ? machine.getTotalMemorySize()
        : Long.MAX_VALUE;
  }
}
