package dev.athanor.sandbox;

import dev.athanor.engine.cas.BlobStore;
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
  static Map<RelativePath, Content> collect(List<RelativePath> paths, Path dir, BlobStore blobs)
      throws IOException {
    Map<RelativePath, Content> contents = new TreeMap<>();
    for (RelativePath path : paths) {
      if (isReal(path.parent(), dir)) {
        try {
          contents.put(path, capture(path.under(dir), blobs));
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

  private static Content capture(Path path, BlobStore blobs) throws IOException {
    try {
      return Trees.capture(path, blobs);
    } catch (AccessDeniedException e) {
      makeReadable(path);
      return Trees.capture(path, blobs);
    }
  }

  /// Gives the owner, who is this user, back the permissions to read that the command took away.
  private static void makeReadable(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return;
    }
    boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    permissions.addAll(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    permissions.add(PosixFilePermission.OWNER_READ);
    if (directory) {
      permissions.add(PosixFilePermission.OWNER_EXECUTE);
    }
    Files.setPosixFilePermissions(path, permissions);
    if (directory) {
      try (Stream<Path> entries = Files.list(path)) {
        for (Path entry : entries.toList()) {
          makeReadable(entry);
        }
      }
    }
  }
}
