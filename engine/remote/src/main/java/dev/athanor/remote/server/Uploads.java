package dev.athanor.remote.server;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// Uploads that were cut, and wait for being continued. They wait in memory, but for their bytes: a
/// server that has been started again knows nothing of them, and their clients begin anew.
final class Uploads implements Closeable {
  /// Each holds an open file.
  private static final int MOST = 200;

  static final Duration PATIENCE = Duration.ofMinutes(15);

  private record Waiting(Upload upload, long since) {}

  /// The oldest first.
  private final Map<ResourceName, Waiting> waiting = new LinkedHashMap<>();

  private final Stock keeper;
  private final Duration patience;
  private final Executor later;

  /// @param keeper tells of what goes wrong
  /// @param patience how long an upload waits at most
  Uploads(Stock keeper, Duration patience) {
    this.keeper = keeper;
    this.patience = patience;
    later = CompletableFuture.delayedExecutor(patience.toMillis() + 1, TimeUnit.MILLISECONDS);
  }

  /// Where a stream may go on; absent when nothing is known of the upload.
  synchronized Optional<Long> resumable(ResourceName name) {
    return Optional.ofNullable(waiting.get(name)).map(cut -> cut.upload().received());
  }

  /// Takes an upload out, so that nobody else goes on with it.
  synchronized Optional<Upload> take(ResourceName name) {
    return Optional.ofNullable(waiting.remove(name)).map(Waiting::upload);
  }

  /// Keeps an upload that was cut, for a while.
  void keep(ResourceName name, Upload upload) throws IOException {
    List<Upload> dropped = new ArrayList<>();
    synchronized (this) {
      Waiting former = waiting.remove(name);
      if (former != null) {
        dropped.add(former.upload());
      }
      waiting.put(name, new Waiting(upload, System.nanoTime()));
    }
    later.execute(() -> keeper.lookAfter(this::expire));
    close(dropped);
    expire();
  }

  /// What has waited too long goes, and of too many the oldest.
  private void expire() throws IOException {
    List<Upload> dropped = new ArrayList<>();
    long now = System.nanoTime();
    synchronized (this) {
      Iterator<Waiting> oldest = waiting.values().iterator();
      while (oldest.hasNext()) {
        Waiting next = oldest.next();
        if (waiting.size() <= MOST && now - next.since() < patience.toNanos()) {
          break;
        }
        oldest.remove();
        dropped.add(next.upload());
      }
    }
    close(dropped);
  }

  private static void close(List<Upload> uploads) throws IOException {
    for (Upload upload : uploads) {
      upload.close();
    }
  }

  @Override
  public void close() throws IOException {
    List<Upload> left;
    synchronized (this) {
      left = waiting.values().stream().map(Waiting::upload).toList();
      waiting.clear();
    }
    close(left);
  }
}
