package dev.athanor.engine.gc;

import dev.athanor.engine.cas.CacheLayout;
import dev.athanor.engine.history.Histories;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds everything in a cache directory. What disappears meanwhile is not there.
final class Inventory {
  private final CacheLayout layout;
  private final boolean countsLinks;

  Inventory(CacheLayout layout) {
    this.layout = layout;
    this.countsLinks = layout.root().getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  /// Every action result; the time of its file is when it was last used.
  List<Item> results() throws IOException {
    List<Item> items = new ArrayList<>();
    for (Path shelf : entries(layout.results())) {
      for (Path file : entries(shelf)) {
        add(items, Kind.RESULT, file);
      }
    }
    return items;
  }

  /// Every blob, with its executable twin; the time of the last access is when it was last used.
  List<Item> blobs() throws IOException {
    List<Item> items = new ArrayList<>();
    for (Path shelf : entries(layout.blobs())) {
      for (Path file : entries(shelf)) {
        BasicFileAttributes attributes = attributes(file);
        if (attributes != null) {
          Instant used = attributes.lastAccessTime().toInstant();
          long bytes = attributes.size() + executableBytes(name(file));
          items.add(new Item(Kind.BLOB, file, bytes, used, used, ""));
        }
      }
    }
    return items;
  }

  private long executableBytes(String hex) throws IOException {
    BasicFileAttributes attributes = attributes(CacheLayout.within(layout.executables(), hex));
    return attributes == null ? 0 : attributes.size();
  }

  /// The entries of a folder.
  List<Item> entriesOf(Folder folder) throws IOException {
    List<Item> items = new ArrayList<>();
    for (Path entry : entries(folder.path())) {
      if (folder.kind() != Kind.BUILDS || Histories.isHistory(entry)) {
        add(items, folder.kind(), entry);
      }
    }
    return items;
  }

  private void add(List<Item> items, Kind kind, Path path) throws IOException {
    BasicFileAttributes attributes = attributes(path);
    if (attributes != null) {
      Instant used = attributes.lastModifiedTime().toInstant();
      Instant accessed = attributes.lastAccessTime().toInstant();
      if (kind == Kind.LEFTOVER && accessed.isAfter(used)) {
        // What becomes a blob is sealed before it is moved, and looks old then.
        used = accessed;
      }
      long bytes = attributes.isDirectory() ? bytesBelow(path) : attributes.size();
      items.add(new Item(kind, path, bytes, used, used, name(path)));
    }
  }

  /// What a directory holds alone: files with other links are counted elsewhere.
  private long bytesBelow(Path directory) throws IOException {
    long[] bytes = {0};
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile() && isOnlyLink(file)) {
              bytes[0] += attributes.size();
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            // Kept from us, or with a name that no path can hold: it is not counted.
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes[0];
  }

  private boolean isOnlyLink(Path file) throws IOException {
    return !countsLinks
        || Integer.valueOf(1)
            .equals(Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS));
  }

  /// The entries of a directory; none when it is not there.
  static List<Path> entries(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return entries;
  }

  private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
