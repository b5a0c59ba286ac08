package dev.athanor.remote;

import dev.athanor.engine.action.ActionKey;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.concurrent.Window;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Results on their way to a remote cache, while the build goes on. Blobs go first, the result that
/// names them last. What cannot be sent is not: nobody's build fails for it.
public final class Uploads {
  /// How many results are on their way at once.
  private static final int WIDTH = 32;

  private final BlobStore near;
  private final RemoteCache remote;
  private final SharedBlobStore shared;
  private final Trust trust;
  private final Traffic traffic;
  private final Window window = new Window(WIDTH, Thread.ofVirtual().factory());

  /// How many results are not there yet. Whoever waits for none does so on it.
  private final AtomicInteger waiting = new AtomicInteger();

  private final AtomicInteger failed = new AtomicInteger();
  private volatile String lastFailure = "";
  private volatile boolean stopped;

  public Uploads(
      BlobStore near, RemoteCache remote, SharedBlobStore shared, Trust trust, Traffic traffic) {
    this.near = near;
    this.remote = remote;
    this.shared = shared;
    this.trust = trust;
    this.traffic = traffic;
  }

  void add(ActionKey key, ActionResult result) {
    Parcel parcel = new Parcel(near);
    var _ = parcel.add(key.command());
    var _ = parcel.add(key.action());
    waiting.incrementAndGet();
    window.submit(() -> {
      try {
        if (!stopped) {
          send(key.digest(), parcel, result);
        }
      } catch (IOException | RuntimeException e) {
        failed.incrementAndGet();
        lastFailure = String.valueOf(e.getMessage());
      } finally {
        ended();
      }
    });
  }

  private void ended() {
    synchronized (waiting) {
      if (waiting.decrementAndGet() == 0) {
        waiting.notifyAll();
      }
    }
  }

  /// How many results could not be sent.
  public int failed() {
    return failed.get();
  }

  /// Why the last of them could not.
  public String lastFailure() {
    return lastFailure;
  }

  /// Waits until all are there, or the time is over; the rest is given up.
  ///
  /// @return how many were given up
  public int drain(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    try {
      synchronized (waiting) {
        while (waiting.get() > 0) {
          long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
          if (millis <= 0) {
            return waiting.get();
          }
          waiting.wait(millis);
        }
      }
      return 0;
    } finally {
      stopped = true;
    }
  }

  /// Lets go of all that is not there yet.
  public void giveUp() {
    stopped = true;
  }

  /// @param parcel with the messages behind the key
  private void send(Digest key, Parcel parcel, ActionResult result) throws IOException {
    if (!remote.takesResults()) {
      return;
    }
    for (Content content : result.outputs().values()) {
      parcel.add(content);
    }
    result.references().forEach(parcel::add);
    parcel.add(result.stdout());
    parcel.add(result.stderr());
    Set<Digest> all = new HashSet<>(parcel.digests());
    all.remove(Digest.EMPTY);
    Set<Digest> missing = shared.toSend(all);
    if (!missing.isEmpty()) {
      remote.write(missing, parcel);
    }
    shared.sent(all);
    missing.forEach(digest -> traffic.sent(digest.size()));
    remote.putResult(key, trust.signed(key, result.toWire()));
    traffic.shared();
  }
}
