package dev.athanor.sandbox;

import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What keeps one process tree from taking all the machine has.
///
/// @param groups control groups for the whole tree
/// @param rlimits for each process
record Bounds(Cgroups.Group groups, List<Rlimit> rlimits) implements AutoCloseable {
  Bounds {
    rlimits = List.copyOf(rlimits);
  }

  static Bounds of(Spawn.Limits limits, Host host) throws IOException {
    Cgroups.Group groups = host.cgroups().group(limits);
    List<Rlimit> rlimits = new ArrayList<>(host.rlimits());
    groups.missing().forEach(limit -> rlimits.add(Rlimit.instead(limit)));
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
