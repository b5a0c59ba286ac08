package dev.athanor.remote;

import com.google.protobuf.MessageLite;
import dev.athanor.engine.action.ActionKey;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.concurrent.Window;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.Trees;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
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
    waiting.incrementAndGet();
    window.submit(() -> {
      try {
        if (!stopped) {
          send(key, result);
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

  /// How many results are not there yet.
  public int waiting() {
    return waiting.get();
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

  private void send(ActionKey key, ActionResult result) throws IOException {
    if (!remote.takesResults()) {
      return;
    }
    Map<Digest, byte[]> messages = new HashMap<>();
    add(key.command(), messages);
    add(key.action(), messages);
    Set<Digest> all = new HashSet<>(result.references());
    for (Content content : result.outputs().values()) {
      Trees.addBlobs(content, near, all);
    }
    all.add(result.stdout());
    all.add(result.stderr());
    all.addAll(messages.keySet());
    all.remove(Digest.EMPTY);
    Set<Digest> missing = shared.toSend(all);
    if (!missing.isEmpty()) {
      remote.write(missing, new WithMessages(near, messages));
    }
    shared.sent(all);
    missing.forEach(digest -> traffic.sent(digest.size()));
    remote.putResult(key.digest(), trust.signed(key.digest(), result.toWire()));
    traffic.shared();
  }

  private static void add(MessageLite message, Map<Digest, byte[]> messages) {
    byte[] bytes = message.toByteArray();
    messages.put(Digester.digest(bytes), bytes);
  }

  /// The store, and some messages that it need not keep.
  private record WithMessages(BlobStore store, Map<Digest, byte[]> messages) implements BlobStore {
    @Override
    public boolean contains(Digest digest) throws IOException {
      return messages.containsKey(digest) || store.contains(digest);
    }

    @Override
    public InputStream open(Digest digest) throws IOException {
      byte[] message = messages.get(digest);
      return message != null ? new ByteArrayInputStream(message) : store.open(digest);
    }

    @Override
    public BlobWriter write() throws IOException {
      return store.write();
    }
  }
}
