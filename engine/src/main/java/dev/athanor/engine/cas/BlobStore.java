package dev.athanor.engine.cas;

import dev.athanor.engine.digest.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Blobs by digest. Writing is atomic and idempotent: a blob is there whole, or not at all, and
/// storing it twice changes nothing. Safe for use by many threads.
public interface BlobStore {
  /// Whether the blob is here, with the right size. Does not read its bytes.
  boolean contains(Digest digest) throws IOException;

  /// Which of the blobs are not here, as by [#contains]: one question where each costs a journey.
  default Set<Digest> missing(Collection<Digest> digests) throws IOException {
    Set<Digest> missing = new HashSet<>();
    for (Digest digest : digests) {
      if (!contains(digest)) {
        missing.add(digest);
      }
    }
    return missing;
  }

  /// Whether the blob can be read without a journey. Not all that is here is near.
  default boolean isNear(Digest digest) throws IOException {
    return contains(digest);
  }

  /// Whether anything that is here may be far: if not, nobody need trouble to bring it.
  default boolean mayBeFar() {
    return false;
  }

  /// Brings near what is about to be read: all at once costs less than one by one. What is not here
  /// is left for whoever reads it to notice.
  default void bring(Collection<Digest> digests) throws IOException {}

  /// Brings near the `Directory` messages of a whole tree, and no file.
  default void bringTree(Digest root) throws IOException {}

  /// The blob's bytes; the caller closes the stream.
  ///
  /// @throws MissingBlobException when it is not here
  InputStream open(Digest digest) throws IOException;

  /// Begins a blob whose digest is not known yet.
  BlobWriter write() throws IOException;

  /// A read-only local file with the blob's bytes, where this store keeps one. Nobody may write to
  /// it, change its mode, or keep it after the store's collection. With `executable`, a file of its
  /// own that has mode 0555, so that no inode serves both modes.
  default Optional<Path> file(Digest digest, boolean executable) throws IOException {
    return Optional.empty();
  }

  /// All bytes of a blob that is known to be small.
  default byte[] read(Digest digest) throws IOException {
    try (InputStream in = open(digest)) {
      return in.readAllBytes();
    }
  }

  /// Stores `bytes`.
  default Digest put(byte[] bytes) throws IOException {
    return put(new ByteArrayInputStream(bytes));
  }

  /// Stores all that is left in `in`, which stays open.
  default Digest put(InputStream in) throws IOException {
    try (BlobWriter writer = write()) {
      in.transferTo(writer);
      return writer.commit();
    }
  }

  /// Stores what `file` holds, and may take the file itself for that: nobody else has it open,
  /// nobody needs it any longer, and it has no extended attributes.
  default Digest take(Path file) throws IOException {
    return put(file);
  }

  /// Stores what `file` holds. The file may change afterwards, but not under the digest's hands.
  default Digest put(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return put(in);
    }
  }
}
