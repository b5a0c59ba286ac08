package dev.athanor.oci.rootfs;

import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.EntryName;
import dev.athanor.oci.layer.EntryPath;
import java.io.IOException;
import java.util.Optional;

/// Reads the listing of a root filesystem, one directory at a time.
public final class Listing {
  private final Digest root;
  private final Contents contents;

  /// @param contents has the nodes: those of `root`'s packs
  public Listing(RootFs root, Contents contents) {
    this.root = root.listing();
    this.contents = contents;
  }

  Directory root() throws IOException {
    return directory(root);
  }

  public Directory directory(Node.Subdirectory node) throws IOException {
    return directory(node.listing());
  }

  private Directory directory(Digest digest) throws IOException {
    return NodeDecoder.decode(contents.read(digest));
  }

  /// What stands at `path`, following no symlink; the root is a [Node.Subdirectory] too.
  public Optional<Node> find(EntryPath path) throws IOException {
    Node node = new Node.Subdirectory(root);
    for (EntryName name : path.names()) {
      if (!(node instanceof Node.Subdirectory(var listing))) {
        return Optional.empty();
      }
      Node child = directory(listing).children().get(name);
      if (child == null) {
        return Optional.empty();
      }
      node = child;
    }
    return Optional.of(node);
  }

  /// Visits everything, the root first, each directory before what it holds, in byte order.
  public void walk(Visitor visitor) throws IOException {
    walk(EntryPath.ROOT, root, visitor);
  }

  private void walk(EntryPath path, Digest digest, Visitor visitor) throws IOException {
    Directory directory = directory(digest);
    visitor.directory(path, directory.attributes());
    for (var child : directory.children().entrySet()) {
      EntryPath below = path.resolve(child.getKey());
      switch (child.getValue()) {
        case Node.Subdirectory(var listing) -> walk(below, listing, visitor);
        case Node.Leaf leaf -> visitor.leaf(below, leaf);
      }
    }
  }

  /// Gets to see a listing.
  public interface Visitor {
    void directory(EntryPath path, Attributes attributes) throws IOException;

    void leaf(EntryPath path, Node.Leaf leaf) throws IOException;
  }
}
