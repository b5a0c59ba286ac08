package dev.athanor.oci.rootfs;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.PackWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;

/// Brings file contents from disk into the store: what the base's packs have stays where it is,
/// other small files share a pack, large ones become blobs.
final class CapturedFiles {
  /// From here on a file is worth an inode of its own, so that it is stored once however often it
  /// is captured.
  private static final int LARGE_BYTES = 1 << 20;

  private final DiskReader disk;
  private final Contents known;
  private final BlobStore store;
  private final PackWriter pack;

  CapturedFiles(DiskReader disk, Contents known, BlobStore store, PackWriter pack) {
    this.disk = disk;
    this.known = known;
    this.store = store;
    this.pack = pack;
  }

  Digest capture(EntryPath path) throws IOException {
    try (InputStream in = disk.open(path)) {
      byte[] start = in.readNBytes(LARGE_BYTES);
      if (start.length == LARGE_BYTES) {
        return store.put(new SequenceInputStream(new ByteArrayInputStream(start), in));
      }
      Digest digest = Digester.digest(start);
      return start.length == 0 || known.isPacked(digest) ? digest : pack.add(start);
    }
  }
}
