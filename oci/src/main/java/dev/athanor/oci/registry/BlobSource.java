package dev.athanor.oci.registry;

import com.google.common.io.ByteStreams;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.io.InputStream;

/// Part of a blob, as the body of a request. The publisher takes `size` bytes and no more.
record BlobSource(BlobStore store, Digest blob, long offset, long size) implements Payload {
  @Override
  public InputStream open() throws IOException {
    InputStream in = store.open(blob);
    try {
      in.skipNBytes(offset);
      return ByteStreams.limit(in, size);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }
}
