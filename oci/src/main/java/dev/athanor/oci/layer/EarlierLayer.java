package dev.athanor.oci.layer;

import dev.athanor.engine.digest.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A layer that was written before, as a source of compressed pieces. For use by many threads.
final class EarlierLayer implements AutoCloseable {
  static final EarlierLayer NONE = new EarlierLayer(Map.of(), Optional.empty());

  final Map<Sha256, PackedPiece> pieces;
  private final Optional<FileChannel> blob;

  /// @param pieces by what they were before they were compressed
  EarlierLayer(Map<Sha256, PackedPiece> pieces, Optional<FileChannel> blob) {
    this.pieces = pieces;
    this.blob = blob;
  }

  /// The piece that `plain` was compressed to.
  @Nullable PackedPiece find(Sha256 plain) {
    return pieces.get(plain);
  }

  /// Reads a piece to the front of `out`. What was read may be damaged; false when there was not
  /// enough to read.
  boolean read(PackedPiece piece, byte[] out) throws IOException {
    if (piece.length() > out.length) {
      return false;
    }
    ByteBuffer into = ByteBuffer.wrap(out, 0, piece.length());
    while (into.hasRemaining()) {
      if (blob.orElseThrow().read(into, piece.offset() + into.position()) < 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    if (blob.isPresent()) {
      blob.get().close();
    }
  }
}
