package dev.athanor.testing;

import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.rule.Configuration;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.function.Function;

/// How a workspace builds.
///
/// @param root of the workspace
/// @param scratch a folder of its own, on the same kind of file system
/// @param cache where blobs and results are kept
/// @param sandbox makes one, given a folder for its own use
/// @param online whether registries may be asked, and commands may reach the network
record Settings(
    Path root,
    Path scratch,
    Path cache,
    Function<Path, Sandbox> sandbox,
    boolean online,
    Configuration configuration) {
  Settings withCache(Path other) {
    return new Settings(root, scratch, other, sandbox, online, configuration);
  }

  Settings withSandbox(Function<Path, Sandbox> other) {
    return new Settings(root, scratch, cache, other, online, configuration);
  }

  Settings withNetwork() {
    return new Settings(root, scratch, cache, sandbox, true, configuration);
  }

  Settings with(Configuration other) {
    return new Settings(root, scratch, cache, sandbox, online, other);
  }

  /// Whether commands can run: they take a file system that the kernel knows.
  boolean runsCommands() {
    return scratch.getFileSystem().equals(FileSystems.getDefault());
  }
}
