package dev.athanor.sandbox;

import dev.athanor.sandbox.SandboxSpec.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What matters about this process and the machine it runs on.
///
/// @param uid the effective user
/// @param privileged whether it may mount and make namespaces without a user namespace of its own
/// @param lastCapability the highest that the kernel knows
/// @param stage an empty directory, over which every sandbox mounts its view in a mount namespace
///   of its own
record Host(
    Arch arch,
    int uid,
    int gid,
    boolean privileged,
    int lastCapability,
    Path stage,
    Cgroups cgroups,
    List<Rlimit> rlimits,
    Rlimit.Ceilings ceilings) {
  private static final int CAP_SYS_ADMIN = 21;

  static Host of(Path stage) throws IOException {
    int uid = -1;
    int gid = -1;
    long capabilities = 0;
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      String[] fields = line.split("\\s+", -1);
      switch (fields[0]) {
        case "Uid:" -> uid = Integer.parseInt(fields[2]);
        case "Gid:" -> gid = Integer.parseInt(fields[2]);
        case "CapEff:" -> capabilities = Long.parseUnsignedLong(fields[1], 16);
        default -> {}
      }
    }
    boolean privileged = (capabilities >> CAP_SYS_ADMIN & 1) == 1;
    Arch arch = Arch.host().orElseThrow(() -> new IOException("not Linux on a known processor"));
    List<Rlimit> rlimits = Rlimit.standard(Path.of("/proc/self/limits"));
    // Not readString: that begins with a read of one byte, and such files answer just one.
    int lastCapability =
        Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/kernel/cap_last_cap")).getFirst());
    return new Host(
        arch,
        uid,
        gid,
        privileged,
        lastCapability,
        stage.toRealPath(),
        Cgroups.host(),
        rlimits,
        Rlimit.Ceilings.read(Path.of("/proc/self/limits")));
  }

  /// Whether ids are mapped: not needed for a whole range of them where the JVM may do all.
  boolean needsUserNamespace(Identity identity) {
    return switch (identity) {
      case SINGLE -> true;
      case RANGE -> !privileged;
    };
  }
}
