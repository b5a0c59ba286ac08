package dev.athanor.oci.layout;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/// A store that has a layout's blobs too, without a copy of them. What is written goes to `store`.
///
/// The files of a layout are anybody's: whoever uses [#file] has to verify what it reads.
record StackedStore(LayoutBlobStore layout, BlobStore store) implements BlobStore {
  @Override
  public boolean contains(Digest digest) throws IOException {
    return store.contains(digest) || layout.contains(digest);
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    return store.contains(digest) ? store.open(digest) : layout.open(digest);
  }

  @Override
  public BlobWriter write() throws IOException {
    return store.write();
  }

  @Override
  public Optional<Path> file(Digest digest, boolean executable) throws IOException {
    if (executable || store.contains(digest)) {
      return store.file(digest, executable);
    }
    return layout.path(digest);
  }
}
