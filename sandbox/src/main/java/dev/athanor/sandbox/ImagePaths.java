package dev.athanor.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Looks paths up in a root filesystem that lies in one or more directories, the first on top. An
/// absolute symlink in it leads to that root, never to the host's.
record ImagePaths(List<Path> layers) {
  /// The same place without symlinks on the way to it. What does not exist has none.
  String resolve(String target) throws IOException {
    Deque<String> names = new ArrayDeque<>(names(target));
    List<String> at = new ArrayList<>();
    int links = 0;
    while (!names.isEmpty()) {
      String name = names.pop();
      if (name.equals("..")) {
        if (!at.isEmpty()) {
          at.removeLast();
        }
        continue;
      }
      at.add(name);
      Optional<Path> entry = find(String.join("/", at));
      if (entry.isPresent() && Files.isSymbolicLink(entry.get())) {
        if (++links > 40) {
          throw new IOException("too many symbolic links in the image: " + target);
        }
        String text = Files.readSymbolicLink(entry.get()).toString();
        at.removeLast();
        if (text.startsWith("/")) {
          at.clear();
        }
        names(text).reversed().forEach(names::push);
      }
    }
    return "/" + String.join("/", at);
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

  private static List<String> names(String path) {
    List<String> names = new ArrayList<>();
    for (String name : path.split("/", -1)) {
      if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return names;
  }
}
