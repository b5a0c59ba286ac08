package dev.athanor.oci.rootfs;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.Layer;
import dev.athanor.oci.layer.LayerWriter;
import dev.athanor.oci.layer.Pack;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Turns the difference of two root filesystems into a layer. Touches nothing but the store.
public final class Repack {
  private final BlobStore store;
  private final int threads;

  /// @param store has both root filesystems and gets the layer
  /// @param threads how many compress; the bytes do not depend on it
  public Repack(BlobStore store, int threads) {
    this.store = store;
    this.threads = threads;
  }

  /// The layer that makes `to` out of `from`; empty when there is nothing to do.
  ///
  /// @throws dev.athanor.oci.layer.LayerException when a path in `to` cannot be in a layer
  public Optional<Layer> repack(RootFs from, RootFs to, Masks masks, Compression compression)
      throws IOException {
    try (Contents contents = contents(from, to)) {
      List<Entry> entries = new Difference(contents, masks).of(from.listing(), to.listing());
      return entries.isEmpty()
          ? Optional.empty()
          : Optional.of(new LayerWriter(store, contents, threads).write(entries, compression));
    }
  }

  /// The changes that make `to` out of `from`, each directory before what it holds.
  public List<Entry> difference(RootFs from, RootFs to, Masks masks) throws IOException {
    try (Contents contents = contents(from, to)) {
      return new Difference(contents, masks).of(from.listing(), to.listing());
    }
  }

  private Contents contents(RootFs from, RootFs to) {
    Set<Pack> packs = new LinkedHashSet<>(to.packs());
    packs.addAll(from.packs());
    return new Contents(store, packs);
  }
}
