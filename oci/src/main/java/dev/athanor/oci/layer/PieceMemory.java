package dev.athanor.oci.layer;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.digest.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Remembers, from one layer to the next, what its pieces were compressed to. Most pieces of a
/// layer are those of the one that was written in its place before; their bytes are then taken out
/// of that layer's blob.
///
/// A file holds where each piece lies in the blob, and the SHA-256 of all that, so that a torn file
/// counts as none. The blob itself is the store's, and may be gone. Losing either costs time and
/// changes no byte.
public final class PieceMemory {
  private static final int VERSION = 1;

  private final Path file;
  private final BlobStore blobs;

  /// @param file for one layer and its successors
  /// @param blobs has the layers
  public PieceMemory(Path file, BlobStore blobs) {
    this.file = file;
    this.blobs = blobs;
  }

  /// The layer that was written before; one without pieces when there is none of this kind.
  EarlierLayer earlier(Compression compression) throws IOException {
    try {
      return read(compression, Files.readAllBytes(file));
    } catch (IOException e) {
      return EarlierLayer.NONE;
    }
  }

  private EarlierLayer read(Compression compression, byte[] bytes) throws IOException {
    int length = bytes.length - Sha256.BYTES;
    if (length < 0) {
      return EarlierLayer.NONE;
    }
    byte[] body = Arrays.copyOf(bytes, length);
    byte[] sum = Arrays.copyOfRange(bytes, length, bytes.length);
    if (!Arrays.equals(sum, Digester.digest(body).hash().bytes())) {
      return EarlierLayer.NONE;
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
    if (!in.readUTF().equals(kind(compression))) {
      return EarlierLayer.NONE;
    }
    Optional<Path> blob = blob(new Digest(hash(in), in.readLong()));
    if (blob.isEmpty()) {
      return EarlierLayer.NONE;
    }
    Map<Sha256, PackedPiece> pieces = new HashMap<>();
    long offset = 0;
    for (int left = in.readInt(); left > 0; left--) {
      PackedPiece piece = new PackedPiece(hash(in), hash(in), offset, in.readInt());
      pieces.put(piece.plain(), piece);
      offset += piece.length();
    }
    return new EarlierLayer(pieces, Optional.of(FileChannel.open(blob.get())));
  }

  private Optional<Path> blob(Digest layer) throws IOException {
    try {
      // Not worth a journey: it only saves compressing.
      return blobs.isNear(layer) ? blobs.file(layer, false) : Optional.empty();
    } catch (MissingBlobException e) {
      return Optional.empty();
    }
  }

  /// @param pieces of the layer, in order
  void remember(Digest layer, Compression compression, List<PackedPiece> pieces)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(kind(compression));
      out.write(layer.hash().bytes());
      out.writeLong(layer.size());
      out.writeInt(pieces.size());
      for (PackedPiece piece : pieces) {
        out.write(piece.plain().bytes());
        out.write(piece.packed().bytes());
        out.writeInt(piece.length());
      }
    }
    bytes.writeBytes(Digester.digest(bytes.toByteArray()).hash().bytes());
    Files.createDirectories(file.getParent());
    Path fresh = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
    try {
      Files.write(fresh, bytes.toByteArray());
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static String kind(Compression compression) {
    return VERSION + " " + LayerFormat.VERSION + " " + compression;
  }

  private static Sha256 hash(DataInputStream in) throws IOException {
    return Sha256.of(in.readNBytes(Sha256.BYTES));
  }
}
