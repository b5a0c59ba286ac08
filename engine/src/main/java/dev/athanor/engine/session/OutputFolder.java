package dev.athanor.engine.session;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The folder in which people find what they asked for: a view of the store, made of hard links
/// where the file system allows. Each artifact is replaced whole or, where it already stands as it
/// should, left alone.
public final class OutputFolder {
  private final Path folder;
  private final BlobStore blobs;

  public OutputFolder(Path folder, BlobStore blobs) {
    this.folder = folder;
    this.blobs = blobs;
  }

  public Path folder() {
    return folder;
  }

  /// Makes the folder, unless something is in its place.
  void create() throws IOException {
    if (!Files.exists(folder)) {
      Files.createDirectories(folder);
    }
  }

  /// Where an artifact is shown.
  public Path path(Artifact.Derived artifact) {
    return artifact.visiblePath().under(folder);
  }

  /// Where an output of a plan is shown.
  Path path(Plan plan, int output) {
    return folder.resolve(plan.visiblePath(output));
  }

  /// Brings near what is about to be shown.
  ///
  /// @throws dev.athanor.engine.cas.MissingBlobException when the store lacks a directory of it
  void bring(List<Content> contents) throws IOException {
    Trees.bring(contents, Long.MAX_VALUE, blobs);
  }

  /// Shows `content` as `artifact`.
  ///
  /// @throws dev.athanor.engine.cas.MissingBlobException when the store lacks a blob of it; nothing
  ///   is shown then
  public void show(Artifact.Derived artifact, Content content) throws IOException {
    Path path = path(artifact);
    try {
      makeParents(path);
      switch (content) {
        case Content.File(var digest, var executable) -> file(path, digest, executable);
        case Content.Symlink(var target) -> symlink(path, target);
        case Content.Tree(var digest) -> tree(path, digest);
      }
    } catch (AccessDeniedException e) {
      throw new UserException(
          "cannot write to " + e.getFile(), "mend the permissions of " + folder, e);
    } catch (FileAlreadyExistsException e) {
      throw new UserException(
          "cannot write to " + e.getFile() + ": there is a file in its place",
          "move it away; outputs are shown there",
          e);
    }
  }

  private void file(Path path, Digest digest, boolean executable) throws IOException {
    Optional<Path> blob = blobs.file(digest, executable);
    if (blob.isPresent() && Files.exists(path) && Files.isSameFile(blob.get(), path)) {
      return;
    }
    Path fresh = fresh();
    try {
      linkOrCopy(digest, blob, fresh);
      replace(fresh, path);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private void linkOrCopy(Digest digest, Optional<Path> blob, Path to) throws IOException {
    if (blob.isPresent()) {
      try {
        Files.createLink(to, blob.get());
        return;
      } catch (FileSystemException | UnsupportedOperationException e) {
        // Another device, or too many links: a copy serves as well.
        Files.copy(blob.get(), to);
        return;
      }
    }
    try (InputStream in = blobs.open(digest)) {
      Files.copy(in, to);
    }
  }

  private void symlink(Path path, String target) throws IOException {
    if (Files.isSymbolicLink(path) && Files.readSymbolicLink(path).toString().equals(target)) {
      return;
    }
    Path fresh = fresh();
    Files.createSymbolicLink(fresh, path.getFileSystem().getPath(target));
    replace(fresh, path);
  }

  /// Brings a directory to what the tree says, file by file, and removes what the tree does not
  /// have.
  private void tree(Path path, Digest tree) throws IOException {
    makeRoom(path);
    Map<RelativePath, Content> leaves = Trees.leaves(tree, blobs);
    Files.createDirectories(path);
    Set<RelativePath> directories = new HashSet<>();
    for (Map.Entry<RelativePath, Content> leaf : leaves.entrySet()) {
      RelativePath at = leaf.getKey();
      Path to = at.under(path);
      if (!directories.contains(at.parent())) {
        makeParents(to);
      }
      for (RelativePath up = at.parent(); directories.add(up) && !up.isRoot(); up = up.parent()) {}
      switch (leaf.getValue()) {
        case Content.File(var digest, var executable) -> file(to, digest, executable);
        case Content.Symlink(var target) -> symlink(to, target);
        case Content.Tree _ -> {
          directories.add(at);
          makeRoom(to);
          Files.createDirectories(to);
        }
      }
    }
    prune(path, path, leaves.keySet(), directories);
  }

  private void prune(
      Path root, Path directory, Set<RelativePath> files, Set<RelativePath> directories)
      throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        RelativePath at = RelativePath.between(root, entry);
        if (directories.contains(at) && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          prune(root, entry, files, directories);
        } else if (!files.contains(at)) {
          delete(entry);
        }
      }
    }
  }

  /// Makes the directories above `path`; a file of an earlier build that is in the way goes, and so
  /// does a symlink, which would lead out of the folder. What is in place of the folder itself is
  /// none of ours.
  private void makeParents(Path path) throws IOException {
    Path parent = path.getParent();
    if (parent == null) {
      return;
    }
    if (parent.startsWith(folder) && !parent.equals(folder)) {
      makeParents(parent);
      makeRoom(parent);
    }
    if (!Files.isDirectory(parent)) {
      Files.createDirectories(parent);
    }
  }

  /// Removes a file where a directory is to be. A directory stays: another process may be filling
  /// it.
  private static void makeRoom(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.deleteIfExists(path);
      } catch (DirectoryNotEmptyException e) {
        // The other process was faster: there is the directory.
      }
    }
  }

  /// A name for what is to be renamed into place. At the top, where no other process that shows a
  /// tree would take it for something left over.
  private Path fresh() {
    return folder.resolve("." + UUID.randomUUID() + ".tmp");
  }

  private static void replace(Path fresh, Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      delete(path);
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// Deletes whatever stands at `path`, without following symlinks.
  public static void delete(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
        for (Path entry : entries) {
          delete(entry);
        }
      }
    }
    Files.deleteIfExists(path);
  }
}
