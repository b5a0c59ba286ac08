package dev.athanor.oci.rootfs;

import static com.google.common.truth.Truth.assertWithMessage;

import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.Content;
import dev.athanor.oci.layer.DeviceNumber;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.EntryName;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.Layer;
import dev.athanor.oci.layer.LayerRef;
import dev.athanor.oci.layer.Limits;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
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
      RootFs from = images.layers(tree(random));
      RootFs to = images.layers(tree(random));

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
      RootFs target = images.layers(tree(random));
      RootFs at = images.layers(List.of());
      for (int step = 0; step < 3; step++) {
        RootFs next = step == 2 ? target : images.layers(tree(random));
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

  private static List<Entry> tree(Random random) {
    List<Entry> entries = new ArrayList<>();
    List<EntryPath> files = new ArrayList<>();
    Set<EntryPath> taken = new HashSet<>();
    List<EntryPath> directories = new ArrayList<>(List.of(EntryPath.ROOT));
    for (int i = random.nextInt(20); i >= 0; i--) {
      EntryPath parent = directories.get(random.nextInt(directories.size()));
      EntryPath path = parent.resolve(name(random));
      if (taken.add(path)) {
        entries.add(entry(path, random, directories, files));
      }
    }
    return entries;
  }

  private static Entry entry(
      EntryPath path, Random random, List<EntryPath> directories, List<EntryPath> files) {
    Attributes attributes = attributes(random);
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> {
        directories.add(path);
        return new Entry.Directory(path, attributes);
      }
      case 3 -> {
        return new Entry.Symlink(path, attributes, Bytes.utf8("../" + random.nextInt(3)));
      }
      case 4 -> {
        DeviceNumber number = new DeviceNumber(DeviceNumber.Kind.BLOCK, 8, random.nextInt(2));
        return new Entry.Device(path, attributes, number);
      }
      case 5, 6 -> {
        if (!files.isEmpty()) {
          EntryPath target = files.get(random.nextInt(files.size()));
          return new Entry.HardLink(path, attributes, target);
        }
      }
      default -> {}
    }
    files.add(path);
    return new Entry.File(path, attributes, Content.of("" + random.nextInt(3)));
  }

  private static EntryName name(Random random) {
    byte[][] names = {
      {'a'}, {'a', '-'}, {'b'}, {'.', 'c'}, {(byte) 0xe9}, {(byte) 0xc3, (byte) 0xa9}
    };
    return EntryName.of(names[random.nextInt(names.length)]);
  }

  private static Attributes attributes(Random random) {
    Attributes attributes =
        Attributes.of(
            random.nextBoolean() ? 0755 : 04644,
            random.nextInt(2),
            0,
            Instant.ofEpochSecond(random.nextInt(2)));
    return random.nextInt(4) > 0
        ? attributes
        : attributes.withXattrs(Map.of(Bytes.utf8("user.x"), Bytes.utf8("y")));
  }
}
