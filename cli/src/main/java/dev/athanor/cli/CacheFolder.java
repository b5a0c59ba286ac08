package dev.athanor.cli;

import dev.athanor.engine.digest.ShortHash;
import dev.athanor.engine.loading.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The cache directory, and what lies where in it. The stores' own folders are the stores'
/// business; all others are named here.
record CacheFolder(Path root) {
  private static final List<String> STORES = List.of("ac", "cas", "exec", "quarantine", "tmp");

  /// Root filesystems as directories.
  Path roots() {
    return root.resolve("roots");
  }

  /// Where pieces of earlier layers are.
  Path pieces() {
    return root.resolve("pieces");
  }

  /// A folder for what only lives as long as something runs.
  Path scratch(String of) {
    return sandbox().resolve(of);
  }

  /// What a sandbox keeps for its own use.
  Path sandboxState() {
    return scratch("state");
  }

  /// What is remembered of a workspace between builds.
  Path state(Workspace workspace) {
    return workspaces().resolve(ShortHash.hex(workspace.root().toString()));
  }

  /// Everything that is made here; other files are not ours.
  List<Path> parts() {
    return Stream.concat(
            STORES.stream().map(root::resolve),
            Stream.of(roots(), pieces(), sandbox(), workspaces()))
        .toList();
  }

  private Path sandbox() {
    return root.resolve("sandbox");
  }

  private Path workspaces() {
    return root.resolve("workspaces");
  }
}
