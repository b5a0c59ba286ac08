package dev.athanor.oci.layer;

import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.io.InputStream;

/// Where file contents come from: [Contents], or a store's own `open`.
@FunctionalInterface
public interface ContentSource {
  /// The bytes of `digest`; the caller closes the stream.
  ///
  /// @throws dev.athanor.engine.cas.MissingBlobException when they are not here
  InputStream open(Digest digest) throws IOException;
}
