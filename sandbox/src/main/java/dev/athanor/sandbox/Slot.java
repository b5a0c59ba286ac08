package dev.athanor.sandbox;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
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

  /// Directories below `build` that are there.
  private final NavigableSet<Path> directories = new TreeSet<>();

  /// Of all that is there when a run begins, but for its inputs.
  private final Map<Path, Map<String, Object>> looks = new HashMap<>();

  /// @param folder empty, and for this slot alone
  Slot(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectory(build());
    Files.createFile(stdout());
    Files.createFile(stderr());
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
    looks.clear();
    for (Path path : List.of(build(), stdout(), stderr())) {
      looks.put(path, looksOf(path));
    }
    for (Path path : directories) {
      looks.put(path, looksOf(path));
    }
  }

  Collection<Path> directories() {
    return directories;
  }

  /// Removes what a run has left, but for directories that were made for it.
  ///
  /// @throws IOException when something is not as it was made; the slot is of no use any more then
  void clean() throws IOException {
    clean(build());
    truncate(stdout());
    truncate(stderr());
    for (Map.Entry<Path, Map<String, Object>> made : looks.entrySet()) {
      // A command that finds it must learn nothing of those before it.
      if (!looksOf(made.getKey()).equals(made.getValue())
          || Libc.hasAttributes(made.getKey().toString())) {
        throw new IOException(made.getKey() + " is not as it was made");
      }
    }
  }

  private void clean(Path at) throws IOException {
    for (Path entry : ScratchDirs.list(at)) {
      if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        Files.delete(entry);
      } else if (directories.contains(entry)) {
        clean(entry);
      } else {
        ScratchDirs.delete(entry);
      }
    }
  }

  /// What `stat` says of a directory or file that could tell one run of another, by name.
  private static Map<String, Object> looksOf(Path path) throws IOException {
    return Files.readAttributes(path, "unix:mode,uid,size", LinkOption.NOFOLLOW_LINKS);
  }

  private static void truncate(Path file) throws IOException {
    if (Files.size(file) > 0) {
      try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
        open.setLength(0);
      }
    }
  }
}
