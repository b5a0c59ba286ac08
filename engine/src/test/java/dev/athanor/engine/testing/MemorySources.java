package dev.athanor.engine.testing;

import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.source.Sources;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Source files that are only text.
public final class MemorySources implements Sources {
  private final BlobStore blobs;
  private final Map<RelativePath, String> files = new ConcurrentHashMap<>();

  public MemorySources(BlobStore blobs) {
    this.blobs = blobs;
  }

  public void put(String path, String text) {
    files.put(RelativePath.of(path), text);
  }

  @Override
  public Content content(RelativePath path) throws IOException {
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
