package dev.athanor.oci.layer;

import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;

/// Where in a pack which content is.
///
/// The blob: the eight bytes `athpack1`, then for each content 48 bytes, big-endian, sorted by
/// hash: hash (32), offset (8), length (8).
final class PackIndex {
  private static final byte[] MAGIC = "athpack1".getBytes(StandardCharsets.US_ASCII);
  private static final int RECORD = Sha256.BYTES + 16;

  private final ByteBuffer bytes;

  private PackIndex(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  static byte[] encode(SortedMap<Digest, Long> offsets) {
    ByteBuffer out = ByteBuffer.allocate(MAGIC.length + offsets.size() * RECORD);
    out.put(MAGIC);
    offsets.forEach(
        (digest, offset) -> out.put(digest.hash().bytes()).putLong(offset).putLong(digest.size()));
    return out.array();
  }

  static PackIndex decode(byte[] blob, Digest data) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(blob);
    boolean whole =
        blob.length >= MAGIC.length
            && (blob.length - MAGIC.length) % RECORD == 0
            && bytes.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
    if (!whole) {
      throw new IOException("not the index of a pack");
    }
    PackIndex index = new PackIndex(bytes);
    for (int i = 0; i < index.size(); i++) {
      long offset = index.offset(i);
      long length = index.length(i);
      if (offset < 0 || length < 0 || offset > data.size() - length) {
        throw new IOException("the index of a pack points outside of it");
      }
    }
    return index;
  }

  /// The offset of `digest`, or -1 when this pack does not have it.
  long find(Digest digest) {
    int low = 0;
    int high = size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = hash(middle).compareTo(digest.hash());
      if (order == 0) {
        return length(middle) == digest.size() ? offset(middle) : -1;
      } else if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private int size() {
    return (bytes.limit() - MAGIC.length) / RECORD;
  }

  private Sha256 hash(int i) {
    int at = at(i);
    return new Sha256(
        bytes.getLong(at), bytes.getLong(at + 8), bytes.getLong(at + 16), bytes.getLong(at + 24));
  }

  private long offset(int i) {
    return bytes.getLong(at(i) + Sha256.BYTES);
  }

  private long length(int i) {
    return bytes.getLong(at(i) + Sha256.BYTES + 8);
  }

  private static int at(int i) {
    return MAGIC.length + i * RECORD;
  }
}
