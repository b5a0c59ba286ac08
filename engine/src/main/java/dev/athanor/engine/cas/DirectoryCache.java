package dev.athanor.engine.cas;

import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Directories that are filled once, by the digest of what is in them, and then only read, by many
/// at a time.
///
/// Each is `<digest>/content`, complete from the moment it has its name. The time of `<digest>`
/// itself says when it was last used, see [LastUse]. Several processes may share a cache.
public final class DirectoryCache {
  private static final String CONTENT = "content";
  private static final String UNFINISHED = "tmp-";

  private final Path root;
  private final Deletion deletion;

  /// One lock for each directory that is being filled.
  private final ConcurrentHashMap<Digest, ReentrantLock> locks = new ConcurrentHashMap<>();

  /// @param root made when something is cached
  public DirectoryCache(Path root, Deletion deletion) {
    this.root = root;
    this.deletion = deletion;
  }

  /// Fills an empty directory.
  @FunctionalInterface
  public interface Filling {
    void fill(Path directory) throws IOException;
  }

  /// The directory of that digest, which is filled when it is not there. Nobody may write to it.
  public Path get(Digest digest, Filling filling) throws IOException, InterruptedException {
    Path home = root.resolve(digest.hex());
    Path content = home.resolve(CONTENT);
    ReentrantLock lock = locks.computeIfAbsent(digest, _ -> new ReentrantLock());
    lock.lockInterruptibly();
    try {
      if (!LastUse.note(home) || !Files.isDirectory(content)) {
        make(home, filling);
      }
      return content;
    } finally {
      lock.unlock();
    }
  }

  private void make(Path home, Filling filling) throws IOException {
    Path fresh = aside();
    Files.createDirectories(fresh.resolve(CONTENT));
    try {
      if (Files.exists(home) && !Files.isDirectory(home.resolve(CONTENT))) {
        // Of an older version. One with content has just come from another process.
        remove(home, Instant.MAX);
      }
      filling.fill(fresh.resolve(CONTENT));
      Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(home.resolve(CONTENT))) {
        throw e;
      }
      // Another process was faster; its directory is as good.
    } finally {
      deletion.delete(fresh);
    }
  }

  private Path aside() {
    return root.resolve(UNFINISHED + UUID.randomUUID());
  }

  /// Takes the name away first: nobody must find half of a directory.
  ///
  /// @param unused when it was last used; later than that, it stays
  private void remove(Path home, Instant unused) throws IOException {
    Path doomed = aside();
    Files.move(home, doomed, StandardCopyOption.ATOMIC_MOVE);
    if (Files.getLastModifiedTime(doomed).toInstant().isAfter(unused)) {
      Files.move(doomed, home, StandardCopyOption.ATOMIC_MOVE);
    } else {
      deletion.delete(doomed);
    }
  }

  /// Lets go what was not used for so long, and what killed processes left unfinished then.
  public void trim(Duration unused) throws IOException {
    Instant oldest = Instant.now().minus(unused);
    try (DirectoryStream<Path> homes = Files.newDirectoryStream(root)) {
      for (Path home : homes) {
        Instant used = Files.getLastModifiedTime(home).toInstant();
        if (used.isBefore(oldest)) {
          remove(home, used);
        }
      }
    } catch (NoSuchFileException e) {
      // Nothing was cached yet.
    }
  }
}
