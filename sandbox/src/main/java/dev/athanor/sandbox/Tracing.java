package dev.athanor.sandbox;

import dev.athanor.engine.exec.Exit;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Whether commands can be traced on this host, found by tracing one.
final class Tracing {
  /// Traces a command that succeeds.
  interface Probe {
    Exit run() throws IOException, InterruptedException;
  }

  private final Probe probe;

  /// Once it is known for good.
  private @Nullable Boolean possible;

  Tracing(Probe probe) {
    this.probe = probe;
  }

  /// What fails for another reason than that the kernel refuses it is tried again the next time.
  synchronized boolean possible() {
    if (possible != null) {
      return possible;
    }
    try {
      if (probe.run().success()) {
        possible = true;
      }
    } catch (IOException e) {
      if (refused(e)) {
        possible = false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return possible != null && possible;
  }

  private static boolean refused(Throwable failure) {
    for (Throwable it = failure; it != null; it = it.getCause()) {
      if (it instanceof SyscallException call) {
        return switch (call.errno()) {
          case SyscallException.EPERM,
              SyscallException.EACCES,
              SyscallException.EIO,
              SyscallException.EINVAL,
              SyscallException.ENOSYS ->
              true;
          default -> false;
        };
      }
    }
    return false;
  }
}
