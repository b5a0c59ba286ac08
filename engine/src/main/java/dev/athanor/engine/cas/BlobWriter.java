package dev.athanor.engine.cas;

import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.io.OutputStream;

/// A blob on its way into a store. Closing without a commit leaves nothing behind.
public abstract class BlobWriter extends OutputStream {
  /// Ends the blob, makes it visible, and returns its digest. Called at most once; the writer still
  /// wants closing.
  public abstract Digest commit() throws IOException;

  /// As [#commit()], but stores nothing and throws when the bytes are not those of `expected`.
  ///
  /// @throws CorruptBlobException when size or hash differ
  public abstract void commit(Digest expected) throws IOException;
}
