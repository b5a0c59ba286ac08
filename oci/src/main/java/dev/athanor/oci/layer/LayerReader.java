package dev.athanor.oci.layer;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.CorruptBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Reads layers: any tar that is in use, plain or compressed by gzip or zstd.
///
/// One pass verifies the blob's size and digest and the diffID, keeps the plain tar as a pack, and
/// digests each file in it.
public final class LayerReader {
  private final BlobStore store;
  private final Limits limits;

  /// @param store has the layers and gets their packs
  public LayerReader(BlobStore store, Limits limits) {
    this.store = store;
    this.limits = limits;
  }

  /// Reads the layer `blob` of an image whose config says `diffId`.
  ///
  /// @throws CorruptBlobException when the store's bytes are not those of `blob`
  /// @throws LayerException when they are, but break a rule
  public ReadLayer read(Digest blob, Sha256 diffId) throws IOException {
    Optional<ReadLayer> quickly = readWhole(blob).filter(layer -> layer.isOf(diffId));
    if (quickly.isPresent()) {
      return quickly.get();
    }
    try (InputStream in = store.open(blob)) {
      ReadLayer layer = read(in, blob.hex(), blob, Optional.empty());
      if (!layer.isOf(diffId)) {
        throw new LayerException(
            named(blob.hex())
                + ": diffID mismatch: the config says "
                + diffId
                + ", the tar has "
                + layer.diffId().hex());
      }
      return layer;
    }
  }

  /// Reads a layer that can be inflated at once; empty when this one cannot.
  private Optional<ReadLayer> readWhole(Digest blob) throws IOException {
    Optional<Path> file = store.file(blob, false);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    Optional<WholeGzip> whole = WholeGzip.open(file.get(), limits);
    if (whole.isEmpty()) {
      return Optional.empty();
    }
    try (WholeGzip inflated = whole.get();
        InputStream in = store.open(blob)) {
      return Optional.of(read(in, blob.hex(), blob, Optional.of(inflated)));
    }
  }

  /// Reads a tar of the user that is in the store, known to him by `name`. A plain one is not
  /// copied: it is its own pack.
  ///
  /// @throws LayerException when it breaks a rule
  public ReadLayer read(Digest blob, String name) throws IOException {
    try (InputStream in = store.open(blob)) {
      return read(in, name, blob, Optional.empty());
    }
  }

  private ReadLayer read(InputStream in, String name, Digest expected, Optional<WholeGzip> inflated)
      throws IOException {
    LayerBlob blob = new LayerBlob(in);
    try {
      return inflated.isPresent()
          ? read(blob, expected, Compression.GZIP, inflated.get().tar())
          : decoded(blob, expected);
    } catch (LayerException e) {
      checkWhole(blob, expected);
      throw new LayerException(named(name) + ": " + e.getMessage(), e);
    } catch (java.io.EOFException | java.util.zip.ZipException e) {
      checkWhole(blob, expected);
      throw new LayerException(named(name) + ": " + e.getMessage(), e);
    } catch (com.github.luben.zstd.ZstdIOException e) {
      checkWhole(blob, expected);
      throw new LayerException(named(name) + ": damaged zstd: " + e.getMessage(), e);
    }
  }

  /// A damaged blob is called that, and not by what its damage looks like.
  private static void checkWhole(LayerBlob blob, Digest expected) throws IOException {
    Digest actual = blob.finish();
    if (!actual.equals(expected)) {
      throw new CorruptBlobException(expected, actual);
    }
  }

  private ReadLayer decoded(LayerBlob blob, Digest expected) throws IOException {
    try (LayerBlob.Plain plain = blob.plain()) {
      InputStream tar = new LimitedTar(plain.tar(), blob, limits);
      return read(blob, expected, plain.compression(), tar);
    }
  }

  private ReadLayer read(
      LayerBlob blob, Digest expected, Compression compression, InputStream plain)
      throws IOException {
    try (ReadAhead ahead = new ReadAhead(plain);
        PackWriter pack = new PackWriter(store)) {
      boolean inStore = compression == Compression.NONE;
      OutputStream copy = inStore ? OutputStream.nullOutputStream() : pack;
      TarInput tar = new TarInput(ahead, copy);
      TarEntries entries = new TarEntries(tar, store, pack, limits);
      List<Entry> all = entries.read();
      checkWhole(blob, expected);
      Pack committed = inStore ? pack.commitOver(expected) : pack.commit();
      return new ReadLayer(
          expected,
          committed.data(),
          all,
          pack.isEmpty() ? List.of() : List.of(committed),
          entries.remarks());
    }
  }

  private static String named(String name) {
    return "layer " + name;
  }
}
