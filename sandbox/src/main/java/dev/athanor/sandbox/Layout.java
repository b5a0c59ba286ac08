package dev.athanor.sandbox;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// Puts content from a store into a directory.
///
/// A file is a hard link to the store's own where it can be, which costs no new inode, and a copy
/// where it cannot. The store's file must then be protected from the process that sees it; that is
/// the caller's part. Modification times are all the same: they are no content.
final class Layout {
  /// That of the store's own files, which need no change then.
  static final FileTime TIME = DiskBlobStore.SEAL;

  private final Path root;
  private final BlobStore blobs;
  private final boolean links;
  private final Set<Path> made = new HashSet<>();

  /// Files that were linked. A second link of one would make two inputs one file for tools that
  /// look for hard links, such as tar.
  private final Set<Content.File> linked = new HashSet<>();

  /// @param root what lies below is laid out
  /// @param links whether files may be links to the store's
  Layout(Path root, BlobStore blobs, boolean links) {
    this(root, blobs, links, Set.of());
  }

  /// @param there directories below `root` that are there, and have nothing but each other in them
  Layout(Path root, BlobStore blobs, boolean links, Collection<Path> there) {
    this.root = root;
    this.blobs = blobs;
    this.links = links;
    made.add(root);
    made.addAll(there);
  }

  Path root() {
    return root;
  }

  /// Makes the directory, and those above it up to the root. Never goes through a symlink.
  void directory(Path dir) throws IOException {
    if (!made.contains(dir)) {
      directory(parent(dir));
      if (!Files.isDirectory(dir, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(dir);
      }
      made.add(dir);
    }
  }

  /// Puts `content` at `path`, below which nothing is yet.
  void put(Path path, Content content) throws IOException {
    switch (content) {
      case Content.File file -> {
        directory(parent(path));
        file(path, file);
      }
      case Content.Symlink(var target) -> {
        directory(parent(path));
        Files.createSymbolicLink(path, Path.of(target));
      }
      case Content.Tree(var digest) -> tree(path, digest);
    }
  }

  /// Sets the times of the directories, once nothing more comes into them.
  void finish() throws IOException {
    for (Path dir : made) {
      Files.setLastModifiedTime(dir, TIME);
    }
  }

  private static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent());
  }

  private void tree(Path path, Digest digest) throws IOException {
    directory(path);
    for (Map.Entry<RelativePath, Content> leaf : Trees.leaves(digest, blobs).entrySet()) {
      Path at = leaf.getKey().under(path);
      if (leaf.getValue() instanceof Content.Tree) {
        directory(at);
      } else {
        put(at, leaf.getValue());
      }
    }
  }

  private void file(Path path, Content.File file) throws IOException {
    Optional<Path> stored = links ? blobs.file(file.digest(), file.executable()) : Optional.empty();
    if (stored.isEmpty() || !linked.add(file) || !link(path, stored.get(), file)) {
      copy(path, file);
    }
  }

  private boolean link(Path path, Path stored, Content.File file) throws IOException {
    if (file.executable()) {
      awaitNoWriters(stored);
    }
    try {
      Files.createLink(path, stored);
      return true;
    } catch (FileSystemException e) {
      // Another file system, or no more links to this file, or a file system without links.
      return false;
    }
  }

  /// A child that another thread starts holds a copy of every descriptor for a moment. When that
  /// was open for writing an executable, nobody can execute it during this moment.
  private static void awaitNoWriters(Path stored) throws IOException {
    while (Libc.hasWriters(stored.toString())) {
      LockSupport.parkNanos(100_000);
    }
  }

  private void copy(Path path, Content.File file) throws IOException {
    try (InputStream in = blobs.open(file.digest())) {
      Files.copy(in, path);
    }
    String mode = file.executable() ? "r-xr-xr-x" : "r--r--r--";
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    Files.setLastModifiedTime(path, TIME);
    if (file.executable()) {
      awaitNoWriters(path);
    }
  }
}
