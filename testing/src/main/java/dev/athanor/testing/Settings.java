package dev.athanor.testing;

import dev.athanor.engine.exec.Sandbox;
import dev.athanor.sandbox.Sandboxes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/// How a workspace builds.
///
/// @param root of the workspace
/// @param scratch a folder of its own, on the same kind of file system
/// @param cache where blobs and results are kept
/// @param sandbox makes one, given a folder for its own use
/// @param online whether registries may be asked, and commands may reach the network
/// @param flags as `--define` sets them
/// @param platform as `--platform` names it
record Settings(
    Path root,
    Path scratch,
    Path cache,
    Function<Path, Sandbox> sandbox,
    boolean online,
    SortedMap<String, String> flags,
    Optional<String> platform) {
  Settings {
    flags = Collections.unmodifiableSortedMap(new TreeMap<>(flags));
  }

  static Settings of(Path root, Path scratch) {
    return new Settings(
        root,
        scratch,
        scratch.resolve("cache"),
        isKnownToTheKernel(scratch) ? sandbox("auto") : _ -> new NoCommands(),
        false,
        new TreeMap<>(),
        Optional.empty());
  }

  private static boolean isKnownToTheKernel(Path path) {
    return path.getFileSystem().equals(FileSystems.getDefault());
  }

  /// @param name as `--sandbox` has it
  static Function<Path, Sandbox> sandbox(String name) {
    return state -> {
      try {
        return Sandboxes.choose(name, state).sandbox();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw Builder.interrupted(e);
      }
    };
  }

  Settings withCache(Path other) {
    return new Settings(root, scratch, other, sandbox, online, flags, platform);
  }

  Settings withSandbox(Function<Path, Sandbox> other) {
    return new Settings(root, scratch, cache, other, online, flags, platform);
  }

  Settings withNetwork() {
    return new Settings(root, scratch, cache, sandbox, true, flags, platform);
  }

  Settings withFlag(String name, String value) {
    SortedMap<String, String> more = new TreeMap<>(flags);
    more.put(name, value);
    return new Settings(root, scratch, cache, sandbox, online, more, platform);
  }

  Settings withPlatform(String name) {
    return new Settings(root, scratch, cache, sandbox, online, flags, Optional.of(name));
  }

  /// Whether commands can run: they take files that the kernel knows.
  boolean runsCommands() {
    return isKnownToTheKernel(scratch);
  }
}
