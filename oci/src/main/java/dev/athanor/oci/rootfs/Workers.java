package dev.athanor.oci.rootfs;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// Waiting for work that runs elsewhere.
final class Workers {
  private Workers() {}

  /// What came out, or the exception that the work itself threw.
  static <T> T get(Future<T> work) throws IOException {
    try {
      return work.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case RuntimeException ours -> throw ours;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }
}
