package dev.athanor.engine.loading;

import dev.athanor.engine.UserException;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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
    Path start = directory.toAbsolutePath().normalize();
    if (!Files.isDirectory(start)) {
      throw new UserException("no such directory: " + directory);
    }
    for (Path at = start; at != null; at = at.getParent()) {
      for (String marker : MARKERS) {
        if (Files.isRegularFile(at.resolve(marker))) {
          return new Workspace(at, at.resolve(marker));
        }
      }
    }
    throw new UserException(
        "no workspace: neither " + start + " nor a directory above it has a WORKSPACE file",
        "create an empty file named WORKSPACE at the root of your sources, or choose a workspace with -C");
  }

  /// Where a package's BUILD file may be, the place that wins first.
  List<Path> buildFiles(RelativePath pkg) {
    return BUILD_FILES.stream().map(name -> pkg.under(root).resolve(name)).toList();
  }

  /// Every package at or below `directory`, in order.
  public Set<RelativePath> packagesBelow(RelativePath directory) {
    if (!Files.isDirectory(directory.under(root))) {
      throw new UserException("no such directory: " + directory);
    }
    Set<RelativePath> found = new TreeSet<>();
    collect(directory, found);
    return found;
  }

  private void collect(RelativePath directory, Set<RelativePath> found) {
    if (buildFiles(directory).stream().anyMatch(Files::isRegularFile)) {
      found.add(directory);
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory.under(root))) {
      for (Path entry : entries) {
        if (isSearched(directory, entry)) {
          collect(RelativePath.between(root, entry), found);
        }
      }
    } catch (IOException e) {
      throw new UserException(
          "cannot list the directory '" + directory + "': " + e.getMessage(), "", e);
    }
  }

  /// Symlinks are not followed, hidden and output directories and nested workspaces not entered.
  private boolean isSearched(RelativePath parent, Path entry) {
    String name = String.valueOf(entry.getFileName());
    return Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
        && !name.startsWith(".")
        && !(parent.isRoot() && name.equals(OUTPUT_FOLDER))
        && MARKERS.stream().noneMatch(marker -> Files.isRegularFile(entry.resolve(marker)));
  }
}
