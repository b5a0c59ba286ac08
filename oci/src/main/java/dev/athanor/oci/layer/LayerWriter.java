package dev.athanor.oci.layer;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.io.OutputStream;
import java.time.temporal.ChronoUnit;
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
    return write(CanonicalEntries.of(entries), compression, null);
  }

  /// The same layer, and what [LayerReader] would read of it: for somebody who unpacks it next, and
  /// who would have to decompress and digest it again.
  public ReadLayer writeAndRead(Collection<? extends Entry> entries, Compression compression)
      throws IOException {
    try (PackWriter pack = new PackWriter(store)) {
      Layer layer = write(CanonicalEntries.of(entries), compression, pack);
      List<Entry> read = layer.entries().stream().map(LayerWriter::asRead).toList();
      List<Pack> packs = List.of();
      if (!pack.isEmpty()) {
        packs =
            List.of(
                compression == Compression.NONE ? pack.commitOver(layer.digest()) : pack.commit());
      }
      return new ReadLayer(layer.digest(), layer.diffId(), read, packs, List.of());
    }
  }

  /// A tar has whole seconds, and its contents are known by their digests.
  private static Entry asRead(Entry entry) {
    Entry stored =
        entry instanceof Entry.File(var path, var attributes, var content)
            ? new Entry.File(path, attributes, Content.of(content.digest()))
            : entry;
    return stored.edited(
        attributes -> attributes.withMtime(attributes.mtime().truncatedTo(ChronoUnit.SECONDS)));
  }

  private Layer write(List<Entry> canonical, Compression compression, @Nullable PackWriter pack)
      throws IOException {
    try (BlobWriter blob = store.write()) {
      return switch (compression) {
        case NONE -> {
          Digest diffId = tar(canonical, blob, pack, () -> {});
          yield new Layer(blob.commit(), diffId, compression, canonical);
        }
        case GZIP, ZSTD -> compressed(canonical, compression, blob, pack);
      };
    }
  }

  private Layer compressed(
      List<Entry> entries, Compression compression, BlobWriter blob, @Nullable PackWriter pack)
      throws IOException {
    try (EarlierLayer earlier = memory == null ? null : memory.earlier(compression);
        PieceOutput pieces = new PieceOutput(compression, blob, threads, earlier)) {
      Digest diffId = tar(entries, pieces, pack, pieces::cut);
      pieces.finish();
      Layer layer = new Layer(blob.commit(), diffId, compression, entries);
      if (memory != null) {
        memory.remember(layer.digest(), compression, pieces.written());
      }
      return layer;
    }
  }

  private Digest tar(List<Entry> entries, OutputStream out, @Nullable PackWriter pack, Cut cut)
      throws IOException {
    Digester diffId = new Digester();
    TarWriter tar = new TarWriter(diffId.tee(out), contents, pack);
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
