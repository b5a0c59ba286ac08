package dev.athanor.sandbox;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Takes what a command left at declared paths into a store.
///
/// The command is gone, but what it left is not to be trusted: a symlink on the way to an output
/// would lead this process, which is in no sandbox, to any file of the host.
final class Outputs {
  private Outputs() {}

  /// What stands at each path. One that is missing, or that lies behind a symlink, is absent.
  ///
  /// @param gone whether every process that could have a file open is
  static Map<RelativePath, Content> collect(
      List<RelativePath> paths, Path dir, BlobStore blobs, boolean gone) throws IOException {
    Map<RelativePath, Content> contents = new TreeMap<>();
    for (RelativePath path : paths) {
      if (isReal(path.parent(), dir)) {
        try {
          contents.put(path, capture(path.under(dir), blobs, gone));
        } catch (NoSuchFileException e) {
          // What a missing output means is for the engine to say.
        }
      }
    }
    return contents;
  }

  /// Whether every part of the path is a directory itself.
  private static boolean isReal(RelativePath path, Path dir) {
    Path at = dir;
    for (String part : path.parts()) {
      at = at.resolve(part);
      if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
    }
    return true;
  }

  private static Content capture(Path path, BlobStore blobs, boolean gone) throws IOException {
    boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    if (directory) {
      // At first: what has been taken could not be taken again.
      makeReadable(path);
    }
    try {
      return Trees.capture(path, blobs, gone ? file -> take(file, blobs) : blobs::put);
    } catch (AccessDeniedException e) {
      if (directory) {
        throw e;
      }
      makeReadable(path);
      return Trees.capture(path, blobs);
    }
  }

  /// Nothing but a file's bytes and its mode may come with it.
  private static Digest take(Path file, BlobStore blobs) throws IOException {
    return Libc.hasAttributes(file.toString()) ? blobs.put(file) : blobs.take(file);
  }

  /// Gives the owner, who is this user, back the permissions to read that the command took away.
  private static void makeReadable(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return;
    }
    boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    Set<PosixFilePermission> permissions =
        Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
    Set<PosixFilePermission> wanted = EnumSet.of(PosixFilePermission.OWNER_READ);
    if (directory) {
      // What is in it may have to be moved.
      wanted.add(PosixFilePermission.OWNER_WRITE);
      wanted.add(PosixFilePermission.OWNER_EXECUTE);
    }
    if (!permissions.containsAll(wanted)) {
      wanted.addAll(permissions);
      Files.setPosixFilePermissions(path, wanted);
    }
    if (directory) {
      try (Stream<Path> entries = Files.list(path)) {
        for (Path entry : entries.toList()) {
          makeReadable(entry);
        }
      }
    }
  }
}
