package dev.athanor.oci.rootfs;

import static com.google.common.truth.Truth.assertWithMessage;

import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.Layer;
import dev.athanor.oci.layer.LayerRef;
import dev.athanor.oci.layer.Limits;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// For any two trees: the layer that repack writes makes the second out of the first, and there is
/// none exactly when they are the same.
class RandomTreesTest {
  private static final int PAIRS = 200;

  private final Images images = new Images();

  @Test
  void repack_thenUnpack_isTheOtherTree() throws IOException {
    for (int seed = 0; seed < PAIRS; seed++) {
      Random random = new Random(seed);
      RootFs from = images.layers(RandomTrees.tree(random));
      RootFs to = images.layers(RandomTrees.tree(random));

      Optional<Layer> layer =
          new Repack(images.store, 1).repack(from, to, Masks.NONE, Compression.NONE);

      assertWithMessage("seed %s", seed)
          .that(images.text(layer.isEmpty() ? from : applied(from, layer.get())))
          .isEqualTo(images.text(to));
      assertWithMessage("seed %s", seed)
          .that(layer.isEmpty())
          .isEqualTo(from.listing().equals(to.listing()));
    }
  }

  /// A listing that was changed step by step is the one that is made at once.
  @Test
  void unpack_layerOnLayer_isCanonical() throws IOException {
    for (int seed = 0; seed < PAIRS / 3; seed++) {
      Random random = new Random(seed);
      RootFs target = images.layers(RandomTrees.tree(random));
      RootFs at = images.layers(List.of());
      for (int step = 0; step < 3; step++) {
        RootFs next = step == 2 ? target : images.layers(RandomTrees.tree(random));
        Optional<Layer> layer =
            new Repack(images.store, 1).repack(at, next, Masks.NONE, Compression.NONE);
        at = layer.isEmpty() ? at : applied(at, layer.get());
      }

      assertWithMessage("seed %s", seed).that(images.text(at)).isEqualTo(images.text(target));
      assertWithMessage("seed %s", seed).that(at.listing()).isEqualTo(target.listing());
    }
  }

  private RootFs applied(RootFs from, Layer layer) throws IOException {
    LayerRef ref = new LayerRef(layer.digest(), layer.diffId().hash());
    return new Unpack(images.store, Limits.DEFAULT, 1).unpack(from, List.of(ref));
  }
}
