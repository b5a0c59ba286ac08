package dev.athanor.sandbox;

import dev.athanor.engine.tree.RootedPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Looks paths up in a root filesystem that lies in one or more directories, the first on top. An
/// absolute symlink in it leads to that root, never to the host's.
record ImagePaths(List<Path> layers) {
  /// The same place without symlinks on the way to it. What does not exist has none.
  String resolve(String target) throws IOException {
    List<String> names =
        RootedPath.resolve(target, this::link)
            .orElseThrow(() -> new IOException("too many symbolic links in the image: " + target));
    return "/" + String.join("/", names);
  }

  private Optional<String> link(List<String> names) throws IOException {
    Optional<Path> entry = find(String.join("/", names));
    return entry.isPresent() && Files.isSymbolicLink(entry.get())
        ? Optional.of(Files.readSymbolicLink(entry.get()).toString())
        : Optional.empty();
  }

  /// Whether a directory, or anything else, stands at the resolved path `target`.
  boolean has(String target, boolean directory) {
    return find(target.substring(1))
        .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) == directory)
        .isPresent();
  }

  private Optional<Path> find(String relative) {
    return layers.stream()
        .map(layer -> layer.resolve(relative))
        .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
        .findFirst();
  }
}
