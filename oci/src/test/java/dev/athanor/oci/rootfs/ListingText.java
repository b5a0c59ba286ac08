package dev.athanor.oci.rootfs;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.EntryPath;
import java.io.IOException;

/// A root filesystem as text: one line for each path with kind, mode, owner, mtime, extended
/// attributes, path, and what is particular to the kind.
public final class ListingText {
  private ListingText() {}

  public static String of(RootFs root, BlobStore store) throws IOException {
    StringBuilder out = new StringBuilder();
    try (Contents contents = new Contents(store, root.packs())) {
      new Listing(root, contents)
          .walk(
              new Listing.Visitor() {
                @Override
                public void directory(EntryPath path, Attributes attributes) {
                  out.append(line('d', path, attributes)).append('\n');
                }

                @Override
                public void leaf(EntryPath path, Node.Leaf leaf) {
                  out.append(line(path, leaf)).append('\n');
                }
              });
    }
    return out.toString();
  }

  private static String line(EntryPath path, Node.Leaf leaf) {
    Attributes attributes = leaf.attributes();
    String line =
        switch (leaf) {
          case Node.File file -> line('-', path, attributes) + " " + file.content();
          case Node.Symlink link -> line('l', path, attributes) + " -> " + link.target();
          case Node.Device device -> line('n', path, attributes) + " " + device.number();
          case Node.Fifo _ -> line('p', path, attributes);
        };
    Links links = leaf.links();
    return links.isSingle() ? line : line + " links " + links.count() + " " + links.first();
  }

  private static String line(char kind, EntryPath path, Attributes a) {
    String xattrs = a.xattrs().isEmpty() ? "" : " " + a.xattrs();
    String mode = Integer.toOctalString(010000 | a.mode()).substring(1);
    return kind + mode + " " + a.uid() + ":" + a.gid() + " " + a.mtime() + xattrs + " " + path;
  }
}
