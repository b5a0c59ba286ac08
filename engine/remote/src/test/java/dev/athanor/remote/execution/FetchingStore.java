package dev.athanor.remote.execution;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.digest.Digest;
import dev.athanor.remote.RemoteCache;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// A store that has what another machine has, too, and brings it here when somebody reads it.
public record FetchingStore(BlobStore local, RemoteCache remote) implements BlobStore {
  @Override
  public boolean contains(Digest digest) throws IOException {
    return local.contains(digest) || remote.missing(Set.of(digest)).isEmpty();
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    bring(digest);
    return local.open(digest);
  }

  private void bring(Digest digest) throws IOException {
    if (!local.contains(digest)) {
      try (BlobWriter writer = local.write()) {
        remote.read(digest, writer);
        writer.commit(digest);
      }
    }
  }

  @Override
  public BlobWriter write() throws IOException {
    return local.write();
  }

  @Override
  public Optional<Path> file(Digest digest, boolean executable) throws IOException {
    bring(digest);
    return local.file(digest, executable);
  }
}
