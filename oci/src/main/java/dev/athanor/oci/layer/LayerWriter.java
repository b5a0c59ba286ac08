package dev.athanor.oci.layer;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes layers into a store, in one pass and in memory that does not grow with the files.
public final class LayerWriter {
  private final BlobStore store;
  private final ContentSource contents;
  private final int threads;
  private final @Nullable PieceMemory memory;

  /// @param store gets the layer
  /// @param contents has the files
  /// @param threads how many compress; the bytes do not depend on it
  public LayerWriter(BlobStore store, ContentSource contents, int threads) {
    this(store, contents, threads, null);
  }

  private LayerWriter(
      BlobStore store, ContentSource contents, int threads, @Nullable PieceMemory memory) {
    this.store = store;
    this.contents = contents;
    this.threads = threads;
    this.memory = memory;
  }

  /// A writer of the same layers that compresses only what is new in them.
  public LayerWriter with(PieceMemory pieces) {
    return new LayerWriter(store, contents, threads, pieces);
  }

  /// The layer that makes the changes `entries`, given in any order.
  ///
  /// @throws LayerException when two entries want one path, or a path cannot be in a layer
  public Layer write(Collection<? extends Entry> entries, Compression compression)
      throws IOException {
    List<Entry> canonical = CanonicalEntries.of(entries);
    try (BlobWriter blob = store.write()) {
      return switch (compression) {
        case NONE -> {
          Digest diffId = tar(canonical, blob, () -> {});
          yield new Layer(blob.commit(), diffId, compression, canonical);
        }
        case GZIP, ZSTD -> compressed(canonical, compression, blob);
      };
    }
  }

  private Layer compressed(List<Entry> entries, Compression compression, BlobWriter blob)
      throws IOException {
    try (EarlierLayer earlier = memory == null ? null : memory.earlier(compression);
        PieceOutput pieces = new PieceOutput(compression, blob, threads, earlier)) {
      Digest diffId = tar(entries, pieces, pieces::cut);
      pieces.finish();
      Layer layer = new Layer(blob.commit(), diffId, compression, entries);
      if (memory != null) {
        memory.remember(layer.digest(), compression, pieces.written());
      }
      return layer;
    }
  }

  private Digest tar(List<Entry> entries, OutputStream out, Cut cut) throws IOException {
    Digester diffId = new Digester();
    TarWriter tar = new TarWriter(diffId.tee(out), contents);
    PieceCuts cuts = new PieceCuts();
    for (Entry entry : entries) {
      if (cuts.before(entry)) {
        cut.make();
      }
      tar.write(entry);
    }
    tar.finish();
    return diffId.finish();
  }

  private interface Cut {
    void make() throws IOException;
  }
}
