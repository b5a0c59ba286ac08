package dev.athanor.oci.registry;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.io.InputStream;

/// Part of a blob, as the body of a request.
record BlobSource(BlobStore store, Digest blob, long offset) implements Payload {
  @Override
  public long size() {
    return blob.size() - offset;
  }

  @Override
  public InputStream open() throws IOException {
    InputStream in = store.open(blob);
    try {
      in.skipNBytes(offset);
      return in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }
}
