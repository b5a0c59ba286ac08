package dev.athanor.oci.rootfs;

import dev.athanor.engine.tree.PathPattern;
import dev.athanor.oci.layer.EntryPath;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Paths that take no part in a capture or a comparison, with all that is below them.
///
/// @param patterns held against absolute paths
public record Masks(Set<EntryPath> paths, List<PathPattern> patterns) {
  public static final Masks NONE = new Masks(Set.of(), List.of());

  /// What a running container sees of its host, and its scratch space: never part of an image.
  public static final Masks RUN =
      parse(
          List.of(
              "/proc",
              "/sys",
              "/dev",
              "/run",
              "/tmp",
              "/etc/resolv.conf",
              "/etc/hosts",
              "/etc/hostname"));

  public Masks {
    paths = Set.copyOf(paths);
    patterns = List.copyOf(patterns);
  }

  /// Masks of paths such as `/var/cache`.
  ///
  /// @throws IllegalArgumentException when a text is no path
  public static Masks parse(Collection<String> paths) {
    return new Masks(paths.stream().map(EntryPath::parse).collect(Collectors.toSet()), List.of());
  }

  /// Masks of all paths that one of the patterns matches, such as `/usr/share/doc/**`. One without
  /// a slash in front, such as `*.pyc`, is for any depth.
  public static Masks matching(Collection<String> patterns) {
    return new Masks(
        Set.of(),
        patterns.stream()
            .map(pattern ->
                pattern.endsWith("/") ? pattern.substring(0, pattern.length() - 1) : pattern)
            .map(pattern -> pattern.startsWith("/") ? pattern : "/**/" + pattern)
            .map(PathPattern::of)
            .toList());
  }

  public Masks and(Masks more) {
    return new Masks(
        Stream.concat(paths.stream(), more.paths.stream()).collect(Collectors.toSet()),
        Stream.concat(patterns.stream(), more.patterns.stream()).toList());
  }

  /// Whether `path` itself is masked. What is below a masked path is not looked at: whoever walks a
  /// tree stops there.
  boolean hides(EntryPath path) {
    return paths.contains(path)
        || (!patterns.isEmpty()
            && patterns.stream().anyMatch(pattern -> pattern.matches(path.text())));
  }
}
