package dev.athanor.engine.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// A file of records that is only appended to, or replaced whole.
///
/// Records that are appended together are there together or not at all, whatever kills the process
/// and when: a batch counts only from its last byte on, and what is left of a torn one is
/// overwritten by the next. Several processes may append, one at a time; readers never wait for
/// them, and see the file as it was when they opened it.
///
/// Losing the file costs time, never correctness, so nothing is synced: a power cut may leave
/// damaged records, which their checksums tell. The layout is that of [Batch].
public final class Journal {
  /// Locks among the threads of this process: a file lock is held by a process as a whole.
  private static final ConcurrentHashMap<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

  private final Path file;

  public Journal(Path file) {
    this.file = file.toAbsolutePath();
  }

  /// A record to be written.
  public static final class Entry {
    final int tag;
    final byte[] body;

    /// @param tag says what the body is
    /// @param body not to be changed any more
    public Entry(int tag, byte[] body) {
      this.tag = tag;
      this.body = body;
    }
  }

  public Path file() {
    return file;
  }

  /// What is there now; the caller closes it. A file that does not exist has no records.
  public JournalSnapshot open() throws IOException {
    return JournalSnapshot.of(file);
  }

  /// Appends a batch, if the writer still wants to when nobody else can write.
  public void append(Writing writing) throws IOException {
    locked(
        writing,
        batch -> {
          try (FileChannel channel =
              FileChannel.open(
                  file,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE)) {
            write(channel, Batch.end(channel), batch);
          }
        });
  }

  /// Replaces all records at once, while nobody else can write. Who reads the old ones may go on.
  /// Does nothing when there are to be none.
  public void replace(Writing writing) throws IOException {
    locked(
        writing,
        batch -> {
          Path fresh = file.resolveSibling(file.getFileName() + ".new");
          try (FileChannel channel =
              FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            write(channel, 0, batch);
          }
          Files.move(
              fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        });
  }

  /// What to write, decided while nobody else can write.
  @FunctionalInterface
  public interface Writing {
    /// @param now what is there; closed afterwards
    /// @return empty to leave everything as it is
    List<Entry> entries(JournalSnapshot now) throws IOException;
  }

  private interface Keeping {
    void keep(ByteBuffer batch) throws IOException;
  }

  /// Keeps what the writer decides on, if anything, while nobody else can write.
  private void locked(Writing writing, Keeping keeping) throws IOException {
    ReentrantLock lock = LOCKS.computeIfAbsent(file, _ -> new ReentrantLock());
    lock.lock();
    try {
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      // A file of its own, which is never replaced.
      try (FileChannel channel =
              FileChannel.open(
                  file.resolveSibling(file.getFileName() + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock _ = channel.lock()) {
        List<Entry> entries;
        try (JournalSnapshot now = open()) {
          entries = writing.entries(now);
        }
        if (!entries.isEmpty()) {
          keeping.keep(Batch.encode(entries));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private static void write(FileChannel channel, long at, ByteBuffer bytes) throws IOException {
    long to = at;
    while (bytes.hasRemaining()) {
      to += channel.write(bytes, to);
    }
    channel.truncate(to);
  }
}
