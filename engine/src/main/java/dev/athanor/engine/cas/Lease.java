package dev.athanor.engine.cas;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Says that a process uses a cache directory, and since when: nothing that was used since then may
/// be removed from it.
///
/// A lease is a locked file below `leases/`. The operating system unlocks it when the process ends
/// in whatever way, so a killed process holds nothing back. Its modification time is when the lease
/// began, by the clock of the file system.
public final class Lease implements AutoCloseable {
  /// Those of this process: even looking at the lock of one would give it up.
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;
  private final Instant since;

  private Lease(Path file, FileChannel channel, Instant since) {
    this.file = file;
    this.channel = channel;
    this.since = since;
  }

  /// Takes a lease on a cache directory.
  static Lease take(CacheLayout layout) throws IOException {
    Path folder = Files.createDirectories(layout.leases()).toRealPath();
    while (true) {
      Path file = folder.resolve(UUID.randomUUID().toString());
      OWN.add(file);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      // Whoever looks for leases may have taken a file without a lock for a leftover.
      if (channel.tryLock() != null && Files.exists(file)) {
        return new Lease(file, channel, Files.getLastModifiedTime(file).toInstant());
      }
      channel.close();
      OWN.remove(file);
    }
  }

  /// When it began.
  Instant since() {
    return since;
  }

  /// Since when the oldest of all leases on a cache directory is held; absent when there is none.
  /// Removes the files of processes that have ended.
  public static Optional<Instant> oldest(CacheLayout layout) throws IOException {
    Instant oldest = null;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(layout.leases())) {
      for (Path file : files) {
        Instant since = heldSince(file);
        if (since != null && (oldest == null || since.isBefore(oldest))) {
          oldest = since;
        }
      }
    } catch (NoSuchFileException e) {
      // Nobody has ever taken one.
    }
    return Optional.ofNullable(oldest);
  }

  /// When the lease began; null when nobody holds it.
  private static @Nullable Instant heldSince(Path file) throws IOException {
    try {
      FileTime since = Files.getLastModifiedTime(file);
      if (OWN.contains(file.toRealPath())) {
        return since.toInstant();
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        if (channel.tryLock() == null) {
          return since.toInstant();
        }
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      // Given back in this moment.
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
    channel.close();
    OWN.remove(file);
  }
}
