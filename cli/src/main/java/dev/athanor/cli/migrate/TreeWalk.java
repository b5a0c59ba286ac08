package dev.athanor.cli.migrate;

import dev.athanor.engine.loading.Workspace;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The BUILD files of a tree, and what of it is left to the reader.
final class TreeWalk extends SimpleFileVisitor<Path> {
  private final Path root;

  /// Those that are to be migrated.
  final TreeSet<Path> files = new TreeSet<>();

  /// What is not gone into.
  final TreeMap<Path, Note> left = new TreeMap<>();

  TreeWalk(Path root) {
    this.root = root;
  }

  static TreeWalk of(Path root) throws IOException {
    TreeWalk walk = new TreeWalk(root);
    Files.walkFileTree(root, walk);
    return walk;
  }

  static boolean isWorkspace(Path directory) {
    return Files.isRegularFile(directory.resolve("WORKSPACE"))
        || Files.isRegularFile(directory.resolve("WORKSPACE.athanor"));
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
    if (isLeftOut(directory)) {
      return FileVisitResult.SKIP_SUBTREE;
    }
    if (!directory.equals(root) && isWorkspace(directory)) {
      left.put(directory, Note.left(0, "a workspace of its own", "athanor migrate in that folder"));
      return FileVisitResult.SKIP_SUBTREE;
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    String name = String.valueOf(file.getFileName());
    if (!Files.isRegularFile(file)) {
      return FileVisitResult.CONTINUE;
    }
    if (name.equals("BUILD") || name.equals("BUILD.pants")) {
      files.add(file);
    } else if (name.startsWith("BUILD.") && !name.equals("BUILD.athanor")) {
      left.put(
          file,
          Note.left(
              0, "a BUILD file to Pants by its name", "put its targets into BUILD, if it is"));
    }
    return FileVisitResult.CONTINUE;
  }

  /// Also called for a folder that cannot be listed, and then before [#preVisitDirectory] could
  /// tell that it is left out.
  @Override
  public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
    if (file.equals(root)) {
      throw problem;
    }
    if (!isLeftOut(file)) {
      left.put(file, Note.left(0, "it cannot be read", problem.getClass().getSimpleName()));
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException problem)
      throws IOException {
    return problem == null ? FileVisitResult.CONTINUE : visitFileFailed(directory, problem);
  }

  /// As Pants does it: what begins with a dot, and the folder in which it puts what it makes.
  private boolean isLeftOut(Path file) {
    String name = String.valueOf(file.getFileName());
    return !file.equals(root)
        && (name.startsWith(".")
            || name.equals(Workspace.OUTPUT_FOLDER)
            || file.equals(root.resolve("dist")));
  }
}
