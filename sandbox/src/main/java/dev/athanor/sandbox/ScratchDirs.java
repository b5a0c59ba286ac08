package dev.athanor.sandbox;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Private writable folders, one for each run, under a folder that belongs to this JVM alone.
///
/// That folder has a lock file, which the operating system unlocks when the JVM ends in whatever
/// way. So the next JVM can tell the leftovers of a killed one, and removes them.
final class ScratchDirs implements AutoCloseable {
  /// How many folders may wait to be deleted. Beyond that, whoever is done with one deletes it
  /// itself: a build must not outrun its own cleaning and fill the disk.
  private static final int BACKLOG = 64;

  /// With less than this left on the disk, or than a sixteenth of it, nothing waits to be deleted.
  private static final long SCARCE_BYTES = 256L << 20;

  /// How long the end of a build may wait for its cleaning.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final String LOCK = "lock";

  /// Those of this JVM. Even looking at the lock of one would give it up.
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path home;
  private final FileChannel lock;
  private final AtomicLong count = new AtomicLong();
  private final Semaphore backlog = new Semaphore(BACKLOG);
  private final ExecutorService cleaner =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("scratch-cleaner").factory());

  private ScratchDirs(Path home, FileChannel lock) {
    this.home = home;
    this.lock = lock;
  }

  /// Opens a folder of this JVM's own below `base`, and starts to remove those of JVMs that are
  /// gone.
  static ScratchDirs open(Path base) throws IOException {
    Path real = Files.createDirectories(base).toRealPath();
    while (true) {
      Path home = real.resolve(UUID.randomUUID().toString());
      OWN.add(home);
      Files.createDirectory(home);
      FileChannel lock = lock(home);
      // Another JVM that is starting may have taken a folder without a lock for a leftover.
      if (lock != null && Files.exists(home.resolve(LOCK))) {
        ScratchDirs dirs = new ScratchDirs(home, lock);
        dirs.cleaner.execute(() -> removeLeftovers(real));
        return dirs;
      }
      OWN.remove(home);
    }
  }

  private static @Nullable FileChannel lock(Path home) throws IOException {
    FileChannel channel =
        FileChannel.open(home.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.tryLock() != null) {
      return channel;
    }
    channel.close();
    return null;
  }

  private static void removeLeftovers(Path base) {
    try (DirectoryStream<Path> homes = Files.newDirectoryStream(base)) {
      for (Path home : homes) {
        try (FileChannel channel = OWN.contains(home) ? null : lock(home)) {
          if (channel != null) {
            delete(home);
          }
        }
      }
    } catch (IOException e) {
      // Whatever could not be removed is for the next start.
    }
  }

  /// A folder that did not exist before.
  Path create() throws IOException {
    return Files.createDirectory(home.resolve(Long.toString(count.incrementAndGet())));
  }

  /// Deletes the folder some time soon.
  void discard(Path dir) {
    cleanUp(() -> deleteQuietly(dir));
  }

  /// Cleans something up, some time soon; at once, where too much of that waits already, and where
  /// the disk is nearly full: the next command would find it so.
  void cleanUp(Runnable work) {
    if (isNearlyFull() || !backlog.tryAcquire()) {
      work.run();
      return;
    }
    cleaner.execute(() -> {
      try {
        work.run();
      } finally {
        backlog.release();
      }
    });
  }

  private boolean isNearlyFull() {
    File disk = home.toFile();
    return disk.getUsableSpace() < Math.min(SCARCE_BYTES, disk.getTotalSpace() / 16);
  }

  /// Deletes what is left, unless that takes long: then it is for the next start.
  @Override
  public void close() throws IOException {
    cleaner.shutdown();
    boolean done = false;
    try {
      done = cleaner.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (done) {
      deleteQuietly(home);
    } else {
      List<Runnable> _ = cleaner.shutdownNow();
    }
    lock.close();
    OWN.remove(home);
  }

  static void deleteQuietly(Path dir) {
    try {
      delete(dir);
    } catch (IOException e) {
      // The next JVM tries again.
    }
  }

  /// Deletes a file, or a folder with all in it.
  static void delete(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      for (Path entry : entries(path)) {
        delete(entry);
      }
    }
    Files.deleteIfExists(path);
  }

  private static List<Path> entries(Path dir) throws IOException {
    try {
      return list(dir);
    } catch (AccessDeniedException e) {
      // A command took the permission to look inside.
      Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
      return list(dir);
    }
  }

  /// What is in a folder that may be written to.
  static List<Path> list(Path dir) throws IOException {
    if (!Files.isWritable(dir)) {
      throw new AccessDeniedException(dir.toString());
    }
    try (Stream<Path> entries = Files.list(dir)) {
      return entries.toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
