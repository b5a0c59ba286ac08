package dev.athanor.oci.rootfs;

import dev.athanor.oci.layer.EntryName;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.LayerException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Deletes directories that an image has filled: with names that no [Path] can hold, and modes that
/// keep their owner out. No symlink is followed.
public final class DeleteTree {
  private DeleteTree() {}

  /// Deletes `directory` and all that is in it, if it is there.
  public static void delete(Path directory) throws IOException {
    if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      clear(directory);
    }
    Files.deleteIfExists(directory);
  }

  /// Deletes all that is in `directory`.
  static void clear(Path directory) throws IOException {
    if (!Syscalls.available() || !directory.getFileSystem().equals(FileSystems.getDefault())) {
      clearPortably(directory);
      return;
    }
    try (LinuxPaths root = new LinuxPaths(directory);
        LinuxReader reader = new LinuxReader(directory)) {
      clear(EntryPath.ROOT, root, reader);
      reader.forgetModes();
    } catch (LayerException e) {
      // Deeper than any image: whatever has made it, it has to go.
      clearPortably(directory);
    } catch (Syscalls.ErrnoException e) {
      throw new IOException(directory + ": " + e.getMessage(), e);
    }
  }

  /// Clears `directory` after `failure`, which matters more than a failure to do so.
  static void clearAfter(Exception failure, Path directory) {
    try {
      clear(directory);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static void clear(EntryPath path, LinuxPaths root, LinuxReader reader)
      throws IOException {
    List<EntryName> names = reader.list(path);
    reader.allowChanges(path);
    for (EntryName name : names) {
      EntryPath child = path.resolve(name);
      boolean directory = reader.stat(child).kind() == Stat.Kind.DIRECTORY;
      if (directory) {
        clear(child, root, reader);
      }
      Syscalls.unlinkat(
          root.fd(), LinuxPaths.scratch().path(child), directory ? Syscalls.AT_REMOVEDIR : 0);
    }
  }

  private static void clearPortably(Path directory) throws IOException {
    List<Path> children = new ArrayList<>();
    try (var stream = Files.newDirectoryStream(directory)) {
      stream.forEach(children::add);
    }
    for (Path child : children) {
      if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
        clearPortably(child);
      }
      Files.delete(child);
    }
  }
}
