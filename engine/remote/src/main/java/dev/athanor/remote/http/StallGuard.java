package dev.athanor.remote.http;

import dev.athanor.remote.RemoteException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A body whose sender is not waited for for ever: the JDK's client has patience for the beginning
/// of an answer only.
final class StallGuard extends FilterInputStream {
  private final Duration patience;
  private volatile boolean stalled;

  StallGuard(InputStream body, Duration patience) {
    super(body);
    this.patience = patience;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    CompletableFuture<Void> arrived = new CompletableFuture<>();
    var _ =
        arrived
            .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((_, late) -> {
              if (late != null) {
                cut();
              }
            });
    try {
      return super.read(bytes, from, length);
    } catch (IOException e) {
      // Whoever has waited that long should not wait once more.
      throw stalled
          ? RemoteException.hopeless("nothing came for " + patience.toSeconds() + " seconds", e)
          : RemoteException.trouble(String.valueOf(e.getMessage()), e);
    } finally {
      arrived.complete(null);
    }
  }

  private void cut() {
    stalled = true;
    try {
      in.close();
    } catch (IOException e) {
      // It is of no use in any case.
    }
  }
}
