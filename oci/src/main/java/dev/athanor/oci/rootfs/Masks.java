package dev.athanor.oci.rootfs;

import dev.athanor.oci.layer.EntryPath;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Paths that take no part in a capture or a comparison, with all that is below them.
public record Masks(Set<EntryPath> paths) {
  public static final Masks NONE = new Masks(Set.of());

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
  }

  /// Masks of paths such as `/var/cache`.
  ///
  /// @throws IllegalArgumentException when a text is no path
  public static Masks parse(Collection<String> paths) {
    return new Masks(
        paths.stream().map(EntryPath::parse).collect(java.util.stream.Collectors.toSet()));
  }

  public Masks and(Masks more) {
    return new Masks(
        Stream.concat(paths.stream(), more.paths.stream())
            .collect(java.util.stream.Collectors.toSet()));
  }

  /// Whether `path` itself is masked. What is below a masked path is not looked at: whoever walks a
  /// tree stops there.
  boolean hides(EntryPath path) {
    return paths.contains(path);
  }
}
