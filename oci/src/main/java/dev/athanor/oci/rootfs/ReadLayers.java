package dev.athanor.oci.rootfs;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.util.concurrent.UncheckedExecutionException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import dev.athanor.oci.layer.Pack;
import dev.athanor.oci.layer.ReadLayer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/// Layers that were read lately. What is laid over a base is read for itself and for the whole, at
/// the same time: whoever comes second waits for the first.
public final class ReadLayers {
  /// Each entry takes a few hundred bytes.
  private static final int MAX_ENTRIES = 200_000;

  private final Cache<Key, ReadLayer> layers =
      CacheBuilder.newBuilder()
          .concurrencyLevel(1)
          .maximumWeight(MAX_ENTRIES)
          .<Key, ReadLayer>weigher((_, layer) -> layer.entries().size() + 1)
          .build();

  private record Key(Digest blob, Sha256 diffId) {}

  /// Remembers a layer that was written, as a reader would see it.
  public void put(ReadLayer layer) {
    layers.put(new Key(layer.digest(), layer.diffId().hash()), layer);
  }

  ReadLayer get(Digest blob, Sha256 diffId, BlobStore store, Callable<ReadLayer> reading)
      throws IOException {
    Key key = new Key(blob, diffId);
    ReadLayer layer;
    try {
      layer = get(key, reading);
    } catch (InterruptedIOException e) {
      // Whoever read it was stopped, which is no reason to stop here.
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      layer = get(key, reading);
    }
    if (!isWhole(layer, store)) {
      layers.invalidate(key);
      layer = get(key, reading);
    }
    return layer;
  }

  private ReadLayer get(Key key, Callable<ReadLayer> reading) throws IOException {
    try {
      return layers.get(key, reading);
    } catch (ExecutionException | UncheckedExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case RuntimeException ours -> throw ours;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  /// Whether the store still has what the layer's contents are in.
  private static boolean isWhole(ReadLayer layer, BlobStore store) throws IOException {
    for (Pack pack : layer.packs()) {
      if (!store.contains(pack.data()) || !store.contains(pack.index())) {
        return false;
      }
    }
    return true;
  }
}
