package dev.athanor.testing;

import dev.athanor.engine.UserException;
import dev.athanor.engine.loading.Workspace;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Files of workspaces.
final class Folders {
  /// What is in these at the top of a workspace belongs to tools, not to the workspace.
  private static final Set<String> NOT_COPIED = Set.of(Workspace.OUTPUT_FOLDER, ".git");

  private Folders() {}

  /// The root of the workspace that `folder` is, as an absolute path.
  ///
  /// @throws UserException when it is none
  static Path workspace(Path folder) {
    try {
      Path real = folder.toRealPath();
      if (Workspace.search(real).filter(found -> found.root().equals(real)).isPresent()) {
        return real;
      }
    } catch (IOException e) {
      throw new UserException("no such workspace: " + folder.toAbsolutePath(), "", e);
    }
    throw new UserException(folder.toAbsolutePath() + " is no workspace: it has no WORKSPACE file");
  }

  static void write(Path file, String text, boolean executable) {
    try {
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(file, text);
      setExecutable(file, executable);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void setExecutable(Path file, boolean executable) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(
          file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }

  /// Copies all that is in one folder to another, which may be on another file system. Symlinks
  /// stay symlinks.
  static void copy(Path from, Path to) {
    try {
      Files.walkFileTree(from, new Copying(from, to));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Copying extends SimpleFileVisitor<Path> {
    private final Path from;
    private final Path to;

    Copying(Path from, Path to) {
      this.from = from;
      this.to = to;
    }

    private Path copy(Path path) {
      return to.resolve(from.relativize(path).toString());
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      if (from.equals(folder.getParent())
          && NOT_COPIED.contains(String.valueOf(folder.getFileName()))) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      Files.createDirectories(copy(folder));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Path place = copy(file);
      if (attributes.isSymbolicLink()) {
        Files.deleteIfExists(place);
        String target = Files.readSymbolicLink(file).toString();
        Files.createSymbolicLink(place, place.getFileSystem().getPath(target));
      } else {
        Files.copy(file, place, StandardCopyOption.REPLACE_EXISTING);
        setExecutable(place, Trees.isExecutable(file));
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
