package dev.athanor.engine.rule;

import dev.athanor.engine.action.Artifact;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What every target can provide.
///
/// @param files built when the target is asked for, and what stands for it as an input
/// @param executable the one of them that can be run
/// @param runfiles what the executable needs beside itself when it runs
/// @param groups further files by name, built only on demand
public record DefaultInfo(
    List<Artifact> files,
    Optional<Artifact> executable,
    List<Artifact> runfiles,
    Map<String, List<Artifact>> groups)
    implements Provider {
  public static final DefaultInfo NONE = of(List.of());

  public DefaultInfo {
    files = List.copyOf(files);
    runfiles = List.copyOf(runfiles);
    groups = Map.copyOf(groups);
  }

  public static DefaultInfo of(List<? extends Artifact> files) {
    return new DefaultInfo(List.copyOf(files), Optional.empty(), List.of(), Map.of());
  }

  public DefaultInfo withExecutable(Artifact artifact) {
    return new DefaultInfo(files, Optional.of(artifact), runfiles, groups);
  }
}
