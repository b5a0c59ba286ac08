package dev.athanor.engine.concurrent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Does something that is short and waits for the kernel for each of many numbers, on all
/// processors.
public final class SideBySide {
  /// Fewer than this are not worth another thread.
  private static final int SHARE = 256;

  private SideBySide() {}

  public interface Work {
    void accept(int number) throws IOException;
  }

  /// Calls `work` for every number from zero up to `count`, each once. When some throw, one of the
  /// exceptions is thrown in the end; a thread that meets one does not go on.
  public static void forEach(int count, Work work) throws IOException, InterruptedException {
    int threads = Math.min(Runtime.getRuntime().availableProcessors(), count / SHARE);
    AtomicReference<@Nullable Exception> thrown = new AtomicReference<>();
    List<Thread> helpers = new ArrayList<>();
    int share = threads < 2 ? count : (count + threads - 1) / threads;
    for (int from = share; from < count; from += share) {
      int start = from;
      helpers.add(
          Thread.ofPlatform()
              .daemon()
              .start(() -> range(start, Math.min(count, start + share), work, thrown)));
    }
    range(0, share, work, thrown);
    for (Thread helper : helpers) {
      helper.join();
    }
    Exception first = thrown.get();
    if (first instanceof IOException e) {
      throw e;
    }
    if (first instanceof RuntimeException e) {
      throw e;
    }
  }

  private static void range(
      int from, int to, Work work, AtomicReference<@Nullable Exception> thrown) {
    try {
      for (int i = from; i < to; i++) {
        work.accept(i);
      }
    } catch (IOException | RuntimeException e) {
      thrown.set(e);
    }
  }
}
