package dev.athanor.engine.gc;

import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.CacheLayout;
import dev.athanor.engine.cas.Deletion;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.UUID;

/// Removes from a cache directory what a [Survey] says.
///
/// Blobs and directories are first put where they are found only by those who rely on them. If
/// somebody has used one since it was looked at, it is put back. So is what a killed sweep has left
/// there.
public final class Sweep implements AutoCloseable {
  private final CacheLayout layout;
  private final Deletion deletion;
  private final FileChannel lock;

  private Sweep(CacheLayout layout, Deletion deletion, FileChannel lock) {
    this.layout = layout;
    this.deletion = deletion;
    this.lock = lock;
  }

  /// What was removed.
  ///
  /// @param spared how many things were used since they were looked at, and stay
  /// @param failed how many could not be removed: others own them
  public record Outcome(int removed, long bytes, int spared, int failed) {}

  /// Begins to clean a cache directory up.
  ///
  /// @throws UserException when somebody else is at it
  public static Sweep of(CacheLayout layout, Deletion deletion) throws IOException {
    FileChannel channel =
        FileChannel.open(
            layout.root().resolve("gc.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      locked = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // Another thread of this process.
    }
    if (!locked) {
      channel.close();
      throw new UserException("the cache " + layout.root() + " is being cleaned up already");
    }
    Sweep sweep = new Sweep(layout, deletion, channel);
    sweep.putBackLeftovers();
    return sweep;
  }

  private void putBackLeftovers() throws IOException {
    for (Path left : Inventory.entries(layout.trash())) {
      String name = Inventory.name(left);
      if (Files.isRegularFile(left, LinkOption.NOFOLLOW_LINKS)) {
        putBack(left, CacheLayout.within(layout.blobs(), name));
      } else {
        deletion.delete(left);
      }
    }
  }

  /// Removes what goes.
  public Outcome run(Survey survey) throws IOException {
    Files.createDirectories(layout.trash());
    int removed = 0;
    long bytes = 0;
    int spared = 0;
    int failed = 0;
    for (Survey.Going going : survey.going()) {
      try {
        if (remove(going.item())) {
          removed++;
          bytes += going.item().bytes();
        } else {
          spared++;
        }
      } catch (FileSystemException e) {
        failed++;
      }
    }
    return new Outcome(removed, bytes, spared, failed);
  }

  /// @return whether it is gone
  private boolean remove(Item item) throws IOException {
    Path path = item.path();
    boolean blob = item.kind() == Kind.BLOB;
    if (!blob && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      if (stamp(path, false).isAfter(item.stamp())) {
        return false;
      }
      return Files.deleteIfExists(path);
    }
    String name = blob ? Inventory.name(path) : UUID.randomUUID().toString();
    Path trashed = layout.trash().resolve(name);
    try {
      Files.move(path, trashed, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return false;
    }
    if (stamp(trashed, blob).isAfter(item.stamp())) {
      putBack(trashed, path);
      return false;
    }
    if (blob) {
      Files.deleteIfExists(CacheLayout.within(layout.executables(), name));
    }
    deletion.delete(trashed);
    return true;
  }

  private void putBack(Path trashed, Path place) throws IOException {
    if (Files.exists(place)) {
      // Made again in the meantime.
      deletion.delete(trashed);
    } else {
      Files.move(trashed, place, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /// When it says that it was last used.
  private static Instant stamp(Path path, boolean access) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return (access ? attributes.lastAccessTime() : attributes.lastModifiedTime()).toInstant();
    } catch (NoSuchFileException e) {
      return Instant.MAX;
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
