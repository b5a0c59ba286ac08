package dev.athanor.sandbox;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// A scratch folder for one run after another: `build`, where a command works, and a file for each
/// of its streams.
///
/// Many small commands come and go fast, and a file system that has to find a new inode for each of
/// their folders, and to forget it at once, takes longer over that than they run. So folders stay,
/// as long as nothing of one run can be seen in the next.
final class Slot {
  private final Path folder;
  private final Set<PosixFilePermission> permissions;

  /// Directories below `build` that are there, and as they were made.
  private final NavigableSet<Path> directories = new TreeSet<>();

  /// @param folder empty, and for this slot alone
  Slot(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectory(build());
    permissions = Files.getPosixFilePermissions(build());
  }

  Path folder() {
    return folder;
  }

  Path build() {
    return folder.resolve("build");
  }

  Path stdout() {
    return folder.resolve("stdout");
  }

  Path stderr() {
    return folder.resolve("stderr");
  }

  /// Makes exactly these directories, all of them below `build`, with those above them.
  void make(Collection<Path> wanted) throws IOException {
    SortedSet<Path> all = new TreeSet<>();
    for (Path directory : wanted) {
      for (Path at = directory; !at.equals(build()) && all.add(at); ) {
        at = Objects.requireNonNull(at.getParent());
      }
    }
    for (Path left : List.copyOf(directories.descendingSet())) {
      if (!all.contains(left)) {
        Files.delete(left);
        directories.remove(left);
      }
    }
    for (Path directory : all) {
      if (directories.add(directory)) {
        Files.createDirectory(directory);
      }
    }
  }

  Collection<Path> directories() {
    return directories;
  }

  /// Removes what a run has left, but for directories that were made for it.
  ///
  /// @throws IOException when something is in the way; the slot is of no use any more then
  void clean() throws IOException {
    clean(build());
    truncate(stdout());
    truncate(stderr());
  }

  private void clean(Path directory) throws IOException {
    if (!isAsMade(directory)) {
      throw new IOException(directory + " is not as it was made");
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          Files.delete(entry);
        } else if (directories.contains(entry)) {
          clean(entry);
        } else {
          ScratchDirs.delete(entry);
        }
      }
    }
    // One that the command has removed would be missing next time.
    directories.removeIf(made -> directory.equals(made.getParent()) && !Files.isDirectory(made));
  }

  /// Whether a command that finds this directory learns nothing of those before it.
  private boolean isAsMade(Path directory) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    UserDefinedFileAttributeView extended =
        Files.getFileAttributeView(directory, UserDefinedFileAttributeView.class);
    return attributes.permissions().equals(permissions)
        && (extended == null || extended.list().isEmpty());
  }

  private static void truncate(Path file) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) > 0) {
      try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
        open.setLength(0);
      }
    }
  }
}
