package dev.athanor.engine.testing;

import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.source.Sources;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// Source files that are only text.
public final class MemorySources implements Sources {
  private final BlobStore blobs;
  private final Map<RelativePath, String> files = new ConcurrentHashMap<>();
  private final Map<RelativePath, CountDownLatch> held = new ConcurrentHashMap<>();

  public MemorySources(BlobStore blobs) {
    this.blobs = blobs;
  }

  public void put(String path, String text) {
    files.put(RelativePath.of(path), text);
  }

  /// Keeps whoever reads the file waiting until the latch is open.
  public void hold(String path, CountDownLatch until) {
    held.put(RelativePath.of(path), until);
  }

  @Override
  public Content content(RelativePath path) throws IOException {
    CountDownLatch latch = held.get(path);
    if (latch != null) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new InterruptedIOException();
      }
    }
    String text = files.get(path);
    if (text == null) {
      throw new UserException("no such file: " + path);
    }
    return new Content.File(blobs.put(text.getBytes(StandardCharsets.UTF_8)), false);
  }

  @Override
  public Content restore(RelativePath path) throws IOException {
    return content(path);
  }
}
