package dev.athanor.engine.loading;

import dev.athanor.engine.UserException;
import dev.athanor.engine.tree.RelativePath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A directory tree of packages, marked by a file at its root.
///
/// @param root absolute
/// @param file the marker
public record Workspace(Path root, Path file) {
  /// Where `build` shows what it made; never a package.
  public static final String OUTPUT_FOLDER = "athanor-out";

  private static final List<String> MARKERS = List.of("WORKSPACE.athanor", "WORKSPACE");
  private static final List<String> BUILD_FILES = List.of("BUILD.athanor", "BUILD");

  /// The workspace that `directory` lies in.
  ///
  /// @throws UserException when it lies in none
  public static Workspace find(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new UserException("no such directory: " + directory);
    }
    return search(directory)
        .orElseThrow(() ->
            new UserException(
                "no workspace: neither "
                    + directory.toAbsolutePath().normalize()
                    + " nor a directory above it has a WORKSPACE file",
                "create an empty file named WORKSPACE at the root of your sources, or choose a workspace with -C"));
  }

  /// The workspace that `directory` lies in, if any.
  public static Optional<Workspace> search(Path directory) {
    for (Path at = directory.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
      for (String marker : MARKERS) {
        if (Files.isRegularFile(at.resolve(marker))) {
          return Optional.of(new Workspace(at, at.resolve(marker)));
        }
      }
    }
    return Optional.empty();
  }

  /// Where a package's BUILD file may be, the place that wins first.
  List<Path> buildFiles(RelativePath pkg) {
    return BUILD_FILES.stream().map(name -> pkg.under(root).resolve(name)).toList();
  }

  /// Whether a search for packages enters a directory: it does not enter hidden directories, that
  /// of the outputs, and other workspaces.
  ///
  /// @param names what the directory holds
  boolean isSearched(RelativePath directory, Map<String, Boolean> names) {
    return !directory.name().startsWith(".")
        && !directory.text().equals(OUTPUT_FOLDER)
        && MARKERS.stream().noneMatch(marker -> isFile(names, marker));
  }

  /// Whether what a directory holds makes it a package.
  static boolean isPackage(Map<String, Boolean> names) {
    return BUILD_FILES.stream().anyMatch(file -> isFile(names, file));
  }

  private static boolean isFile(Map<String, Boolean> names, String name) {
    return Boolean.FALSE.equals(names.get(name));
  }
}
