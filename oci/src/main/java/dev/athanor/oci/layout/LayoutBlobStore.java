package dev.athanor.oci.layout;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.cas.CorruptBlobException;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.oci.layer.BulkInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// The blobs of a layout, read-only. The end of a stream is reached only if all bytes were right.
final class LayoutBlobStore implements BlobStore {
  private final Path blobs;

  LayoutBlobStore(Path layout) {
    blobs = layout.resolve("blobs").resolve("sha256");
  }

  private Path name(Digest digest) {
    return blobs.resolve(digest.hex());
  }

  /// The file of a blob that is there.
  Optional<Path> path(Digest digest) throws IOException {
    return contains(digest) ? Optional.of(name(digest)) : Optional.empty();
  }

  @Override
  public boolean contains(Digest digest) throws IOException {
    Path path = name(digest);
    return Files.isRegularFile(path) && Files.size(path) == digest.size();
  }

  /// Copies a blob to a store that may have it. Digested once: a wrong one gets the name that it
  /// should have had, and nobody asks for it by that.
  void copy(Digest digest, BlobStore store) throws IOException {
    if (store.contains(digest)) {
      return;
    }
    try (InputStream in = Files.newInputStream(name(digest))) {
      Digest actual = store.put(in);
      if (!actual.equals(digest)) {
        throw new CorruptBlobException(digest, actual);
      }
    } catch (NoSuchFileException e) {
      throw new MissingBlobException(digest);
    }
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    try {
      return new Verifying(Files.newInputStream(name(digest)), digest);
    } catch (NoSuchFileException e) {
      throw new MissingBlobException(digest);
    }
  }

  @Override
  public BlobWriter write() {
    throw new UnsupportedOperationException("a layout that was opened is not written to");
  }

  private static final class Verifying extends BulkInput {
    private final InputStream in;
    private final Digest expected;
    private final Digester digester = new Digester();
    private boolean ended;

    Verifying(InputStream in, Digest expected) {
      this.in = in;
      this.expected = expected;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = ended ? -1 : in.read(buffer, offset, length);
      if (n > 0) {
        digester.update(buffer, offset, n);
      }
      boolean tooLong = digester.size() > expected.size();
      if (!ended && (n < 0 || tooLong)) {
        ended = true;
        Digest actual = digester.finish();
        if (!actual.equals(expected)) {
          throw new CorruptBlobException(expected, actual);
        }
      }
      return n;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
