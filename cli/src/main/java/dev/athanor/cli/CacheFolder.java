package dev.athanor.cli;

import java.nio.file.Path;
import java.util.List;

/// What lies in the cache directory.
final class CacheFolder {
  /// Everything that is made there; other files in it are not ours.
  private static final List<String> PARTS =
      List.of("ac", "cas", "exec", "pieces", "quarantine", "roots", "sandbox", "tmp", "workspaces");

  private CacheFolder() {}

  static List<Path> parts(Path cache) {
    return PARTS.stream().map(cache::resolve).toList();
  }
}
