package dev.athanor.remote;

import java.util.concurrent.atomic.AtomicLong;

/// What was got from a remote cache, and given to it, so far. Safe for use by many threads.
public final class Traffic {
  private final AtomicLong hits = new AtomicLong();
  private final AtomicLong misses = new AtomicLong();
  private final AtomicLong uploads = new AtomicLong();
  private final AtomicLong downloaded = new AtomicLong();
  private final AtomicLong uploaded = new AtomicLong();

  void hit() {
    hits.incrementAndGet();
  }

  void missed() {
    misses.incrementAndGet();
  }

  void shared() {
    uploads.incrementAndGet();
  }

  void received(long bytes) {
    downloaded.addAndGet(bytes);
  }

  void sent(long bytes) {
    uploaded.addAndGet(bytes);
  }

  /// How many actions it had the results of.
  public long hits() {
    return hits.get();
  }

  /// How many it was asked for in vain.
  public long misses() {
    return misses.get();
  }

  /// How many results it was given.
  public long uploads() {
    return uploads.get();
  }

  /// Bytes of blobs that came from it, unpacked.
  public long downloadedBytes() {
    return downloaded.get();
  }

  /// Bytes of blobs that went to it, unpacked.
  public long uploadedBytes() {
    return uploaded.get();
  }
}
