package dev.athanor.engine.tree;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Paths in a root filesystem of its own, wherever that lies: an absolute symlink in it leads to
/// that root, and nothing leads above it.
public final class RootedPath {
  /// As many as the kernel follows.
  private static final int MAX_LINKS = 40;

  /// Knows the symlinks.
  public interface Links {
    /// Where the symlink at the path of these names leads; empty when there is none.
    Optional<String> target(List<String> names) throws IOException;
  }

  private RootedPath() {}

  /// The names of the same place without symlinks on the way to it. What does not exist has none.
  ///
  /// @return empty when there are too many symlinks
  public static Optional<List<String>> resolve(String path, Links links) throws IOException {
    Deque<String> names = new ArrayDeque<>(names(path));
    List<String> at = new ArrayList<>();
    int followed = 0;
    while (!names.isEmpty()) {
      String name = names.pop();
      if (name.equals("..")) {
        if (!at.isEmpty()) {
          at.removeLast();
        }
        continue;
      }
      at.add(name);
      Optional<String> target = links.target(at);
      if (target.isPresent()) {
        if (++followed > MAX_LINKS) {
          return Optional.empty();
        }
        at.removeLast();
        if (target.get().startsWith("/")) {
          at.clear();
        }
        names(target.get()).reversed().forEach(names::push);
      }
    }
    return Optional.of(at);
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
