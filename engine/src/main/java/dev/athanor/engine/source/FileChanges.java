package dev.athanor.engine.source;

import dev.athanor.engine.UserException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Waits until something happens to files, as the operating system tells it; nothing is polled.
/// Used by one thread.
public final class FileChanges implements AutoCloseable {
  /// Changes come in flocks: they are over when nothing has happened for so long.
  private static final Duration QUIET = Duration.ofMillis(30);

  /// Or when they have gone on for that long.
  private static final Duration LONGEST = Duration.ofSeconds(1);

  /// The clock of a file system may be behind by as much.
  private static final Duration TICK = Duration.ofMillis(20);

  private final WatchService service;
  private final Path ignored;
  private final boolean unix;
  private final Map<WatchKey, Path> directories = new HashMap<>();
  private final Set<Path> registered = new HashSet<>();
  private Set<Path> files = Set.of();
  private Set<Path> above = Set.of();
  private Set<Path> trees = Set.of();

  private FileChanges(WatchService service, Path ignored, boolean unix) {
    this.service = service;
    this.ignored = ignored;
    this.unix = unix;
  }

  /// Watches nothing yet.
  ///
  /// @param ignored what happens to this, or in it, is of no interest
  public static FileChanges open(Path ignored) throws IOException {
    boolean unix = ignored.getFileSystem().supportedFileAttributeViews().contains("unix");
    return new FileChanges(ignored.getFileSystem().newWatchService(), ignored, unix);
  }

  /// Something to be watched.
  ///
  /// @param path absolute; need not exist. A directory is watched for what names are in it
  /// @param whole whether a directory is watched for all that happens in it
  public record Watched(Path path, boolean whole) {}

  /// Tells of these from now on, and of no others.
  ///
  /// @param since when somebody began to read them
  /// @return those that have changed since then, as far as they were not watched before
  /// @throws UserException when there are too many for the operating system
  public Set<Path> watch(Collection<Watched> watched, Instant since) throws IOException {
    files = new HashSet<>();
    above = new HashSet<>();
    trees = new HashSet<>();
    Set<Path> changed = new TreeSet<>();
    Instant begin = since.minus(TICK);
    for (Watched each : watched) {
      Path path = each.path();
      files.add(path);
      boolean fresh = registerAbove(path);
      if (Files.isSymbolicLink(path) && Files.exists(path)) {
        Path real = path.toRealPath();
        files.add(real);
        fresh |= registerAbove(real);
      }
      if (Files.isDirectory(path)) {
        fresh |= register(path);
        if (each.whole()) {
          trees.add(path);
          fresh |= registerBelow(path);
        }
      }
      if (fresh && changedSince(path, begin)) {
        changed.add(path);
      }
    }
    return changed;
  }

  /// How many directories are watched.
  public int directoryCount() {
    return registered.size();
  }

  /// Waits for a change.
  ///
  /// @return what has changed; nothing in it when too much has to tell
  public Set<Path> await() throws InterruptedException {
    Set<Path> changed = new TreeSet<>();
    boolean overflow = false;
    long end = Long.MAX_VALUE;
    while (true) {
      boolean any = overflow || !changed.isEmpty();
      WatchKey key = any ? service.poll(QUIET.toMillis(), TimeUnit.MILLISECONDS) : service.take();
      if (key == null || System.nanoTime() > end) {
        return overflow ? Set.of() : changed;
      }
      overflow |= collect(key, changed);
      if (!any && (overflow || !changed.isEmpty())) {
        end = System.nanoTime() + LONGEST.toNanos();
      }
    }
  }

  /// @return whether more has happened than the operating system could tell
  private boolean collect(WatchKey key, Set<Path> changed) {
    Path directory = directories.get(key);
    boolean overflow = false;
    for (WatchEvent<?> event : key.pollEvents()) {
      if (event.kind().equals(StandardWatchEventKinds.OVERFLOW)) {
        overflow = true;
      } else if (directory != null && event.context() instanceof Path name) {
        Path path = directory.resolve(name);
        boolean names = !event.kind().equals(StandardWatchEventKinds.ENTRY_MODIFY);
        boolean replaced = names && forgetBelow(path);
        if (replaced || matters(path, directory, names)) {
          changed.add(path);
        }
      }
    }
    if (!key.reset()) {
      directories.remove(key);
      registered.remove(directory);
    }
    return overflow;
  }

  /// Another directory has come in place of one that was watched, or none: the operating system
  /// goes on to watch the old one, wherever that is now.
  ///
  /// @return whether anything below that path was watched
  private boolean forgetBelow(Path path) {
    boolean any = false;
    for (Map.Entry<WatchKey, Path> entry : List.copyOf(directories.entrySet())) {
      if (entry.getValue().startsWith(path)) {
        entry.getKey().cancel();
        directories.remove(entry.getKey());
        registered.remove(entry.getValue());
        any = true;
      }
    }
    return any;
  }

  /// @param names whether a name has come or gone
  private boolean matters(Path path, Path directory, boolean names) {
    if (path.startsWith(ignored)) {
      return false;
    }
    return files.contains(path)
        || (names && (files.contains(directory) || above.contains(path)))
        || isInTree(directory);
  }

  private boolean isInTree(Path directory) {
    for (Path at = directory; at != null; at = at.getParent()) {
      if (trees.contains(at)) {
        return true;
      }
    }
    return false;
  }

  /// Watches the directory that a path lies in; where that is missing, the nearest one above.
  ///
  /// @return whether that is new
  private boolean registerAbove(Path path) throws IOException {
    for (Path at = path.getParent(); at != null; at = at.getParent()) {
      if (registered.contains(at)) {
        return false;
      }
      if (Files.isDirectory(at)) {
        return register(at);
      }
      above.add(at);
    }
    return false;
  }

  private boolean registerBelow(Path directory) throws IOException {
    boolean fresh = false;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          fresh |= register(entry);
          fresh |= registerBelow(entry);
        }
      }
    } catch (NoSuchFileException e) {
      // Its removal is told of by the directory above.
    }
    return fresh;
  }

  private boolean register(Path directory) throws IOException {
    if (!registered.add(directory)) {
      return false;
    }
    try {
      directories.put(
          directory.register(
              service,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_DELETE,
              StandardWatchEventKinds.ENTRY_MODIFY),
          directory);
      return true;
    } catch (NoSuchFileException | NotDirectoryException e) {
      registered.remove(directory);
      return false;
    } catch (IOException e) {
      throw new UserException(
          "cannot watch " + directory + ": " + e.getMessage(),
          "the system lets you watch "
              + registered.size()
              + " directories; raise fs.inotify.max_user_watches, or watch fewer targets",
          e);
    }
  }

  private boolean changedSince(Path path, Instant begin) throws IOException {
    try {
      Object time = unix ? Files.getAttribute(path, "unix:ctime") : Files.getLastModifiedTime(path);
      return time instanceof FileTime last && !last.toInstant().isBefore(begin);
    } catch (NoSuchFileException e) {
      @Nullable Path parent = path.getParent();
      return parent != null && changedSince(parent, begin);
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
