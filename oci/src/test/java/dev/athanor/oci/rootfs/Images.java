package dev.athanor.oci.rootfs;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.Layer;
import dev.athanor.oci.layer.LayerRef;
import dev.athanor.oci.layer.LayerWriter;
import dev.athanor.oci.layer.Limits;
import dev.athanor.oci.layer.Pack;
import dev.athanor.oci.layer.PackWriter;
import dev.athanor.oci.layer.ReadLayer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A store, and root filesystems in it that are made of entries.
final class Images {
  /// Everything as it is on disk.
  static final Capture.Options EXACT =
      new Capture.Options(Masks.NONE, Optional.empty(), Capture.Owners.REAL);

  final BlobStore store;

  Images() {
    this(new MemoryBlobStore());
  }

  Images(BlobStore store) {
    this.store = store;
  }

  /// The root filesystem of an image with one layer.
  RootFs of(Entry... entries) throws IOException {
    return layers(List.of(entries));
  }

  /// The root filesystem of an image with these layers, the lowest first; each goes through its
  /// bytes.
  @SafeVarargs
  final RootFs layers(List<Entry>... layers) throws IOException {
    List<LayerRef> refs = new ArrayList<>();
    for (List<Entry> layer : layers) {
      refs.add(ref(layer));
    }
    return new Unpack(store, Limits.DEFAULT, 1).unpack(refs);
  }

  /// As [#layers], but the entries are applied in just this order, as a foreign tar may have them.
  @SafeVarargs
  final RootFs unsorted(List<Entry>... layers) throws IOException {
    Unpack unpack = new Unpack(store, Limits.DEFAULT, 1);
    List<ReadLayer> read = new ArrayList<>();
    for (List<Entry> layer : layers) {
      read.add(read(layer));
    }
    return unpack.apply(unpack.unpack(List.of()), read);
  }

  LayerRef ref(List<Entry> entries) throws IOException {
    Layer layer = new LayerWriter(store, store::open, 1).write(entries, Compression.GZIP);
    return new LayerRef(layer.digest(), layer.diffId().hash());
  }

  String text(RootFs root) throws IOException {
    return ListingText.of(root, store);
  }

  /// The paths with a sign for their kind, and the content of files.
  List<String> paths(RootFs root) throws IOException {
    List<String> paths = new ArrayList<>();
    try (Contents contents = new Contents(store, root.packs())) {
      new Listing(root, contents)
          .walk(
              new Listing.Visitor() {
                @Override
                public void directory(
                    dev.athanor.oci.layer.EntryPath path,
                    dev.athanor.oci.layer.Attributes attributes) {
                  if (!path.isRoot()) {
                    paths.add(path + "/");
                  }
                }

                @Override
                public void leaf(dev.athanor.oci.layer.EntryPath path, Node.Leaf leaf)
                    throws IOException {
                  paths.add(
                      switch (leaf) {
                        case Node.File file -> path + " = " + text(contents, file.content());
                        case Node.Symlink link -> path + " -> " + link.target();
                        case Node.Device device -> path + " " + device.number();
                        case Node.Fifo _ -> path + "|";
                      });
                }
              });
    }
    return paths;
  }

  private static String text(Contents contents, Digest digest) throws IOException {
    return new String(contents.read(digest), StandardCharsets.UTF_8);
  }

  /// The entries as a layer that was read, in just this order.
  ReadLayer read(List<Entry> entries) throws IOException {
    List<Entry> stored = new ArrayList<>();
    List<Pack> packs = new ArrayList<>();
    try (PackWriter pack = new PackWriter(store)) {
      for (Entry entry : entries) {
        if (entry instanceof Entry.File(var path, var attributes, var content)
            && content instanceof dev.athanor.oci.layer.Content.Inline(var bytes)) {
          Digest digest = pack.add(bytes.toArray());
          stored.add(new Entry.File(path, attributes, dev.athanor.oci.layer.Content.of(digest)));
        } else {
          stored.add(entry);
        }
      }
      if (!pack.isEmpty()) {
        packs.add(pack.commit());
      }
    }
    return new ReadLayer(Digest.EMPTY, Digest.EMPTY, stored, packs, List.of());
  }
}
