package dev.athanor.oci.rootfs;

import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.EntryName;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.PackWriter;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A root filesystem that is being changed.
///
/// Directories are read from the listing it starts with when somebody looks into them, so that a
/// change costs what lies between it and the root. Names of one file share one [Inode]. The listing
/// tells each of them how many names there are: when a name of a file with several comes or goes,
/// the whole tree is read once at the end to tell the others.
final class Tree {
  private final Contents contents;
  private final Dir root;

  /// Files with several names that came from the listing, by their first name.
  private final Map<EntryPath, Inode> listedGroups = new HashMap<>();

  private boolean groupsChanged;

  /// The tree that the listing `digest` describes.
  Tree(Digest digest, Contents contents) throws IOException {
    this.contents = contents;
    this.root = new Dir(digest);
    root.load();
  }

  /// The tree that holds nothing: a root of `0755`, owner 0:0, from the epoch.
  Tree(Contents contents) {
    this.contents = contents;
    this.root = new Dir(Attributes.DIRECTORY);
  }

  Dir root() {
    return root;
  }

  /// What stands at a name: a [Dir], or an [Inode].
  sealed interface Item {}

  /// Anything but a directory; several names may share it.
  static final class Inode implements Item {
    private final Node.Leaf leaf;
    private final boolean listed;
    private int names;
    private EntryPath first = EntryPath.ROOT;

    /// A file that this tree did not have.
    Inode(Node.Leaf leaf) {
      this(leaf, false);
    }

    private Inode(Node.Leaf leaf, boolean listed) {
      this.leaf = leaf;
      this.listed = listed;
    }

    /// Its links are those of the listing that it came from.
    Node.Leaf leaf() {
      return leaf;
    }
  }

  /// A directory.
  final class Dir implements Item {
    private final @Nullable Digest listing;
    private @Nullable Attributes attributes;
    private @Nullable SortedMap<EntryName, Item> items;

    private Dir(Attributes attributes) {
      this.listing = null;
      this.attributes = attributes;
      this.items = new TreeMap<>();
    }

    private Dir(Digest listing) {
      this.listing = listing;
    }

    Attributes attributes() throws IOException {
      load();
      return Objects.requireNonNull(attributes);
    }

    void setAttributes(Attributes attributes) throws IOException {
      load();
      this.attributes = attributes;
    }

    @Nullable Item get(EntryName name) throws IOException {
      return load().get(name);
    }

    /// What it holds, in byte order.
    List<EntryName> names() throws IOException {
      return List.copyOf(load().keySet());
    }

    /// Puts `item` where anything else may have been.
    void put(EntryName name, Item item) throws IOException {
      groupsChanged |= item instanceof Inode inode && inode.listed;
      Item before = load().put(name, item);
      if (before != null) {
        noteGroups(before);
      }
    }

    /// Puts an empty directory where anything else may have been.
    Dir add(EntryName name, Attributes attributes) throws IOException {
      Dir added = new Dir(attributes);
      put(name, added);
      return added;
    }

    void remove(EntryName name) throws IOException {
      Item before = load().remove(name);
      if (before != null) {
        noteGroups(before);
      }
    }

    /// Removes all that is in it.
    void clear() throws IOException {
      for (Item item : load().values()) {
        noteGroups(item);
      }
      load().clear();
    }

    private SortedMap<EntryName, Item> load() throws IOException {
      SortedMap<EntryName, Item> loaded = items;
      if (loaded == null) {
        Digest digest = Objects.requireNonNull(listing);
        Directory directory = NodeDecoder.decode(contents.read(digest));
        attributes = directory.attributes();
        loaded = new TreeMap<>();
        for (var child : directory.children().entrySet()) {
          loaded.put(child.getKey(), item(child.getValue()));
        }
        items = loaded;
      }
      return loaded;
    }

    private boolean isLoaded() {
      return items != null;
    }
  }

  private Item item(Node node) {
    return switch (node) {
      case Node.Subdirectory(var listing) -> new Dir(listing);
      case Node.Leaf leaf ->
          leaf.links().isSingle()
              ? new Inode(leaf, true)
              : listedGroups.computeIfAbsent(leaf.links().first(), _ -> new Inode(leaf, true));
    };
  }

  /// Remembers that a listed file with several names, in `item` or below it, loses one.
  private void noteGroups(Item item) throws IOException {
    if (groupsChanged) {
      return;
    }
    switch (item) {
      case Inode inode -> groupsChanged = inode.listed && !inode.leaf.links().isSingle();
      case Dir dir -> {
        if (dir.listing != null || dir.isLoaded()) {
          for (Item below : dir.load().values()) {
            noteGroups(below);
          }
        }
      }
    }
  }

  /// Writes the nodes that `contents` lacks into `pack`, and returns the digest of the root's.
  Digest write(PackWriter pack) throws IOException {
    countNames(EntryPath.ROOT, root);
    return write(root, pack);
  }

  /// Counts the names of each file in the loaded part of the tree; in all of it when a listed file
  /// may have another number of them than before.
  private void countNames(EntryPath path, Dir dir) throws IOException {
    if (!groupsChanged && !dir.isLoaded()) {
      return;
    }
    for (var child : dir.load().entrySet()) {
      EntryPath below = path.resolve(child.getKey());
      switch (child.getValue()) {
        case Dir subdirectory -> countNames(below, subdirectory);
        case Inode inode -> {
          if (inode.names++ == 0 || below.compareTo(inode.first) < 0) {
            inode.first = below;
          }
        }
      }
    }
  }

  private Digest write(Dir dir, PackWriter pack) throws IOException {
    if (dir.listing != null && !dir.isLoaded()) {
      return dir.listing;
    }
    Map<EntryName, Node> children = new TreeMap<>();
    for (var child : dir.load().entrySet()) {
      children.put(
          child.getKey(),
          switch (child.getValue()) {
            case Dir subdirectory -> new Node.Subdirectory(write(subdirectory, pack));
            case Inode inode -> inode.leaf.with(inode.leaf.attributes(), links(inode));
          });
    }
    byte[] node = NodeEncoder.encode(Directory.of(dir.attributes(), children));
    Digest digest = Digester.digest(node);
    return dir.listing != null && digest.equals(dir.listing) ? digest : pack.add(node);
  }

  private Links links(Inode inode) {
    if (inode.listed && !groupsChanged) {
      return inode.leaf.links();
    }
    return inode.names == 1 ? Links.SINGLE : new Links(inode.names, inode.first);
  }
}
