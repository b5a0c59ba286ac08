package dev.athanor.oci.rootfs;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.LayerException;
import dev.athanor.oci.layer.LayerReader;
import dev.athanor.oci.layer.LayerRef;
import dev.athanor.oci.layer.Limits;
import dev.athanor.oci.layer.Pack;
import dev.athanor.oci.layer.PackWriter;
import dev.athanor.oci.layer.ReadLayer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Folds layers into a root filesystem. Touches nothing but the store.
public final class Unpack {
  private final BlobStore store;
  private final Reading reading;
  private final int threads;

  /// @param store has the layers; gets packs and listing
  /// @param threads how many layers are read at a time; the result does not depend on it
  public Unpack(BlobStore store, Limits limits, int threads) {
    this(store, new LayerReader(store, limits)::read, threads);
  }

  /// The same, but layers that `memory` knows are not read again.
  public Unpack remembering(ReadLayers memory) {
    return new Unpack(
        store,
        (blob, diffId) -> memory.get(blob, diffId, store, () -> reading.read(blob, diffId)),
        threads);
  }

  /// How a layer is read: by its blob and what the config says of it.
  private interface Reading {
    ReadLayer read(Digest blob, Sha256 diffId) throws IOException;
  }

  private Unpack(BlobStore store, Reading reading, int threads) {
    this.store = store;
    this.reading = reading;
    this.threads = threads;
  }

  /// The root filesystem that `layers` make, the lowest first.
  ///
  /// @throws dev.athanor.engine.cas.CorruptBlobException when a blob is damaged
  /// @throws LayerException when a layer breaks a rule
  public RootFs unpack(List<LayerRef> layers) throws IOException {
    List<ReadLayer> read = read(layers);
    try (Contents nothing = new Contents(store, List.of())) {
      return fold(new Tree(nothing), List.of(), read);
    }
  }

  /// What `base` becomes under `layers`, the lowest first.
  public RootFs unpack(RootFs base, List<LayerRef> layers) throws IOException {
    return apply(base, read(layers));
  }

  /// What `base` becomes under layers that were read already.
  public RootFs apply(RootFs base, List<ReadLayer> layers) throws IOException {
    try (Contents contents = new Contents(store, base.packs())) {
      return fold(new Tree(base.listing(), contents), base.packs(), layers);
    }
  }

  private RootFs fold(Tree tree, List<Pack> basePacks, List<ReadLayer> layers) throws IOException {
    Set<Pack> packs = new LinkedHashSet<>(basePacks);
    LayerFold fold = new LayerFold(tree);
    for (ReadLayer layer : layers) {
      try {
        fold.apply(layer.entries());
      } catch (LayerException e) {
        throw new LayerException("layer " + layer.digest().hex() + ": " + e.getMessage(), e);
      }
      packs.addAll(layer.packs());
    }
    return write(store, tree, packs);
  }

  /// Writes what `tree` became; `packs` hold all that it refers to and did not make itself.
  static RootFs write(BlobStore store, Tree tree, Set<Pack> packs) throws IOException {
    Set<Pack> all = new LinkedHashSet<>(packs);
    try (PackWriter nodes = new PackWriter(store)) {
      Digest listing = tree.write(nodes);
      if (!nodes.isEmpty()) {
        all.add(nodes.commit());
      }
      return new RootFs(listing, List.copyOf(all));
    }
  }

  private List<ReadLayer> read(List<LayerRef> layers) throws IOException {
    if (threads == 1 || layers.size() < 2) {
      List<ReadLayer> read = new ArrayList<>();
      for (LayerRef layer : layers) {
        read.add(reading.read(layer.digest(), layer.diffId()));
      }
      return read;
    }
    try (ExecutorService executor =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("unpack-", 0).factory())) {
      // The largest first, so that none of them is left for the end.
      Map<LayerRef, Future<ReadLayer>> running = new HashMap<>();
      layers.stream()
          .distinct()
          .sorted(Comparator.comparingLong((LayerRef layer) -> -layer.digest().size()))
          .forEach(layer ->
              running.put(
                  layer, executor.submit(() -> reading.read(layer.digest(), layer.diffId()))));
      try {
        List<ReadLayer> read = new ArrayList<>();
        for (LayerRef layer : layers) {
          read.add(Workers.get(Objects.requireNonNull(running.get(layer))));
        }
        return read;
      } finally {
        executor.shutdownNow();
      }
    }
  }
}
