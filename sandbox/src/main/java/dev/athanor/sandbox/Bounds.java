package dev.athanor.sandbox;

import dev.athanor.engine.exec.Machine;
import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What keeps one process tree from taking all the machine has.
///
/// @param groups control groups for the whole tree
/// @param rlimits for each process
record Bounds(Cgroups.Group groups, List<Rlimit> rlimits) implements AutoCloseable {
  /// Enough for any build tool, and not enough to bring a machine down. Threads count. Where there
  /// are no control groups the kernel counts those of all commands together, of which there are
  /// about as many as processors.
  private static final int PROCESSES = 4096 * Runtime.getRuntime().availableProcessors();

  /// How much of the machine's memory one tree may take.
  private static final double MEMORY_SHARE = 0.9;

  /// What holds for every tree, unless it asks for less.
  static final Spawn.Limits DEFAULT =
      new Spawn.Limits(
          Optional.empty(),
          Optional.of((long) (Machine.memoryBytes() * MEMORY_SHARE)),
          Optional.of(PROCESSES));

  Bounds {
    rlimits = List.copyOf(rlimits);
  }

  /// @param around the groups that the tree is in anyway, made for [#DEFAULT]
  static Bounds within(Cgroups.Group around, Spawn.Limits limits, Host host) throws IOException {
    boolean none = limits.memoryBytes().isEmpty() && limits.processes().isEmpty();
    Bounds bounds = none ? of(limits, limits, host) : alone(limits, host);
    if (limits.processes().isPresent()) {
      return bounds;
    }
    // Not so for memory: programs map much that they never touch.
    List<Rlimit> rlimits = new ArrayList<>(bounds.rlimits);
    around.missing().stream()
        .filter(limit -> !limit.isMemory())
        .forEach(limit -> rlimits.add(Rlimit.instead(limit, host.ceilings())));
    return new Bounds(bounds.groups, rlimits);
  }

  /// For a tree that is in no groups yet.
  static Bounds alone(Spawn.Limits limits, Host host) throws IOException {
    return of(
        new Spawn.Limits(
            limits.time(),
            limits.memoryBytes().or(DEFAULT::memoryBytes),
            limits.processes().or(DEFAULT::processes)),
        limits,
        host);
  }

  /// @param limits by control groups, as far as there are any
  /// @param certain those that are to hold for each process when they cannot hold for all
  private static Bounds of(Spawn.Limits limits, Spawn.Limits certain, Host host)
      throws IOException {
    Cgroups.Group groups = host.cgroups().group(limits);
    List<Rlimit> rlimits = new ArrayList<>(host.rlimits());
    for (Cgroups.Limit missing : groups.missing()) {
      if ((missing.isMemory() ? certain.memoryBytes() : certain.processes()).isPresent()) {
        rlimits.add(Rlimit.instead(missing, host.ceilings()));
      }
    }
    return new Bounds(groups, rlimits);
  }

  List<Path> directories() {
    return groups.directories();
  }

  @Override
  public void close() {
    groups.remove();
  }
}
