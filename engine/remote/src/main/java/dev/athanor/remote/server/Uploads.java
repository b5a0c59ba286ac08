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

/// Uploads that were cut, and wait for being continued. They wait in memory, but for their bytes: a
/// server that has been started again knows nothing of them, and their clients begin anew.
final class Uploads implements Closeable {
  /// Each holds an open file.
  private static final int MOST = 200;

  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private record Waiting(Upload upload, long since) {}

  /// The oldest first.
  private final Map<ResourceName, Waiting> waiting = new LinkedHashMap<>();

  /// Where a stream may go on; absent when nothing is known of the upload.
  synchronized Optional<Long> resumable(ResourceName name) {
    return Optional.ofNullable(waiting.get(name)).map(cut -> cut.upload().received());
  }

  /// Takes an upload out, so that nobody else goes on with it.
  synchronized Optional<Upload> take(ResourceName name) {
    return Optional.ofNullable(waiting.remove(name)).map(Waiting::upload);
  }

  /// Keeps an upload that was cut. What has waited too long goes.
  void keep(ResourceName name, Upload upload) throws IOException {
    List<Upload> dropped = new ArrayList<>();
    long now = System.nanoTime();
    synchronized (this) {
      Waiting former = waiting.remove(name);
      if (former != null) {
        dropped.add(former.upload());
      }
      waiting.put(name, new Waiting(upload, now));
      Iterator<Waiting> oldest = waiting.values().iterator();
      while (oldest.hasNext()) {
        Waiting next = oldest.next();
        if (waiting.size() <= MOST && now - next.since() < PATIENCE.toNanos()) {
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
