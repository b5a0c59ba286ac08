package dev.athanor.oci.rootfs;

import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.EntryName;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.LayerException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Applies layers to a tree, by the rules of the image specification (layer.md) and, where it is
/// silent, of the tools that are in use.
///
/// All happens in memory: symlinks on the way to an entry are followed inside the tree, so that no
/// name can lead out of it.
final class LayerFold {
  /// As the kernel's own limit is 40, and other tools allow 255.
  private static final int MAX_SYMLINKS = 255;

  private static final Bytes HERE = Bytes.utf8(".");
  private static final Bytes UP = Bytes.utf8("..");
  private static final Bytes SLASH = Bytes.utf8("/");

  private final Tree tree;

  LayerFold(Tree tree) {
    this.tree = tree;
  }

  /// Applies one layer. Its whiteouts concern the layers below only, wherever in the tar they
  /// stand: so they are applied first, to the tree as it was.
  void apply(List<Entry> entries) throws IOException {
    Set<EntryPath> directories =
        entries.stream()
            .filter(Entry.Directory.class::isInstance)
            .map(Entry::path)
            .collect(Collectors.toSet());
    each(entries, entry -> remove(entry, directories));
    each(entries, this::add);
  }

  private interface Step {
    void apply(Entry entry) throws IOException;
  }

  private static void each(List<Entry> entries, Step step) throws IOException {
    for (Entry entry : entries) {
      try {
        step.apply(entry);
      } catch (IllegalArgumentException | LayerException e) {
        throw new LayerException("entry '" + entry.path() + "': " + e.getMessage(), e);
      }
    }
  }

  private void remove(Entry entry, Set<EntryPath> directories) throws IOException {
    switch (entry) {
      case Entry.Whiteout(var path) -> {
        Tree.Dir directory = findBelow(path.parent(), directories);
        if (directory != null) {
          directory.remove(path.name());
        }
      }
      case Entry.Opaque(var path) -> {
        Tree.Dir directory = findBelow(path, directories);
        if (directory != null) {
          directory.clear();
        }
      }
      case Entry.Directory _, Entry.File _, Entry.Symlink _, Entry.HardLink _ -> {}
      case Entry.Device _, Entry.Fifo _ -> {}
    }
  }

  /// The directory that a marker means. Null when there is none, also because one of `directories`,
  /// which come with the marker, replaces something else on the way: what is behind a symlink stays
  /// as it is when a directory takes the symlink's place.
  private Tree.@Nullable Dir findBelow(EntryPath path, Set<EntryPath> directories)
      throws IOException {
    EntryPath at = EntryPath.ROOT;
    for (EntryName name : path.names()) {
      Tree.Dir parent = find(at);
      Tree.Item item = parent == null ? null : parent.get(name);
      at = at.resolve(name);
      if (item instanceof Tree.Inode && directories.contains(at)) {
        return null;
      }
    }
    return find(path);
  }

  private void add(Entry entry) throws IOException {
    switch (entry) {
      case Entry.Directory(var path, var attributes) -> addDirectory(path, attributes);
      case Entry.File(var path, var attributes, var content) ->
          addLeaf(path, new Node.File(attributes, Links.SINGLE, content.digest()));
      case Entry.Symlink(var path, var attributes, var target) ->
          addLeaf(path, new Node.Symlink(attributes, Links.SINGLE, target));
      case Entry.Device(var path, var attributes, var number) ->
          addLeaf(path, new Node.Device(attributes, Links.SINGLE, number));
      case Entry.Fifo(var path, var attributes) ->
          addLeaf(path, new Node.Fifo(attributes, Links.SINGLE));
      case Entry.HardLink(var path, _, var target) -> addLink(path, target);
      case Entry.Whiteout _, Entry.Opaque _ -> {}
    }
  }

  /// Over a directory only the attributes change; anything else is replaced.
  private void addDirectory(EntryPath path, Attributes attributes) throws IOException {
    if (path.isRoot()) {
      tree.root().setAttributes(attributes);
      return;
    }
    Tree.Dir parent = make(path.parent());
    if (parent.get(path.name()) instanceof Tree.Dir there) {
      there.setAttributes(attributes);
    } else {
      parent.add(path.name(), attributes);
    }
  }

  private void addLeaf(EntryPath path, Node.Leaf leaf) throws IOException {
    make(path.parent()).put(path.name(), new Tree.Inode(leaf));
  }

  private void addLink(EntryPath path, EntryPath target) throws IOException {
    Tree.Dir directory = find(target.parent());
    Tree.Item file = directory == null ? null : directory.get(target.name());
    switch (file) {
      case null -> throw new LayerException("hard link to " + target + ", which is not there");
      case Tree.Dir _ -> throw new LayerException("hard link to the directory " + target);
      case Tree.Inode inode -> {
        Tree.Dir parent = make(path.parent());
        if (parent.get(path.name()) != inode) {
          parent.put(path.name(), inode);
        }
      }
    }
  }

  private Tree.@Nullable Dir find(EntryPath path) throws IOException {
    return resolve(path, false);
  }

  private Tree.Dir make(EntryPath path) throws IOException {
    Tree.Dir made = resolve(path, true);
    if (made == null) {
      throw new AssertionError("a directory is made where none is");
    }
    return made;
  }

  /// The directory at `path`, symlinks followed inside the tree. With `make`, what is missing is
  /// made, and what is no directory is replaced by one; otherwise null when there is none.
  private Tree.@Nullable Dir resolve(EntryPath path, boolean make) throws IOException {
    Deque<Tree.Dir> at = new ArrayDeque<>(List.of(tree.root()));
    Deque<Bytes> names = new ArrayDeque<>();
    path.names().forEach(name -> names.add(Bytes.of(name.bytes())));
    int symlinks = 0;
    while (!names.isEmpty()) {
      Bytes next = names.pop();
      if (next.isEmpty() || next.equals(HERE)) {
        continue;
      } else if (next.equals(UP)) {
        if (at.size() > 1) {
          at.pop();
        }
        continue;
      }
      EntryName name = EntryName.of(next.toArray());
      Tree.Item item = at.element().get(name);
      if (item instanceof Tree.Dir directory) {
        at.push(directory);
      } else if (item instanceof Tree.Inode inode && inode.leaf() instanceof Node.Symlink link) {
        if (++symlinks > MAX_SYMLINKS) {
          throw new LayerException("symbolic links in a circle on the way to " + path);
        }
        follow(link.target(), names, at);
      } else if (make) {
        at.push(at.element().add(name, Attributes.DIRECTORY));
      } else {
        return null;
      }
    }
    return at.element();
  }

  private void follow(Bytes target, Deque<Bytes> names, Deque<Tree.Dir> at) {
    if (target.startsWith(SLASH)) {
      at.clear();
      at.push(tree.root());
    }
    target.splitAtSlashes().reversed().forEach(names::push);
  }
}
