package dev.athanor.remote.server;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Threads that answer one request each, and do not wait for ever for its client. The JDK's server
/// only knows a limit on a whole request, which large blobs would not keep on slow lines.
///
/// Only waiting for the client is limited, not the work between: a thread that is interrupted while
/// it waits loses its connection, and nothing else.
final class Patience implements Executor, AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<Thread, Long> waiting = new ConcurrentHashMap<>();
  private final Duration most;

  /// @param most how long a client may take to send or to take anything
  Patience(Duration most) {
    this.most = most;
    threads.execute(this::watch);
  }

  /// Runs what answers a request, which begins with waiting for its head.
  @Override
  public void execute(Runnable answer) {
    threads.execute(() -> {
      await();
      try {
        answer.run();
      } finally {
        work();
      }
    });
  }

  /// From here on this thread waits for its client.
  void await() {
    waiting.put(Thread.currentThread(), System.nanoTime());
  }

  /// From here on it does not.
  void work() {
    if (waiting.remove(Thread.currentThread()) == null) {
      // Given up. Whatever cleans up after it is not to be disturbed.
      var _ = Thread.interrupted();
    }
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(most.dividedBy(4));
        long now = System.nanoTime();
        waiting
            .keySet()
            .forEach(thread ->
                waiting.computeIfPresent(
                    thread,
                    (_, since) -> {
                      if (now - since < most.toNanos()) {
                        return since;
                      }
                      thread.interrupt();
                      return null;
                    }));
      }
    } catch (InterruptedException e) {
      // The server ends.
    }
  }

  /// What the client sends.
  InputStream from(InputStream client) {
    return new FilterInputStream(client) {
      @Override
      public int read() throws IOException {
        await();
        try {
          return in.read();
        } finally {
          work();
        }
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        await();
        try {
          return in.read(bytes, offset, length);
        } finally {
          work();
        }
      }
    };
  }

  /// What the client takes.
  OutputStream to(OutputStream client) {
    return new FilterOutputStream(client) {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        await();
        try {
          out.write(bytes, offset, length);
        } finally {
          work();
        }
      }
    };
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
