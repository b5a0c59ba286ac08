package dev.athanor.oci.rootfs;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.tree.PathPattern;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.EntryName;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.LayerException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Takes some paths out of a root filesystem, with all that is below them and the directories on
/// the way, as the entries of a layer. Owners, modes, times, extended attributes and hard links
/// among them stay; no link is followed.
public final class Selection {
  private final Listing listing;
  private final Masks excluded;
  private final List<Wanted> wanted;
  private final List<Entry> entries = new ArrayList<>();

  /// For each file with several names, by the first of them, the first that was taken.
  private final Map<EntryPath, EntryPath> taken = new HashMap<>();

  private final Set<Wanted> found = new LinkedHashSet<>();

  private record Wanted(String text, PathPattern pattern) {
    /// A slash at the front may be left out, and one at the end.
    static Wanted of(String text) {
      String absolute = text.startsWith("/") ? text : "/" + text;
      boolean slash = absolute.length() > 1 && absolute.endsWith("/");
      String path = slash ? absolute.substring(0, absolute.length() - 1) : absolute;
      return new Wanted(text, PathPattern.of(path));
    }

    List<EntryName> names() {
      try {
        return EntryPath.parse(pattern.toString()).names();
      } catch (IllegalArgumentException e) {
        throw new LayerException("'" + text + "' is no path: " + e.getMessage(), e);
      }
    }
  }

  private Selection(Listing listing, List<String> paths, Masks excluded) {
    this.listing = listing;
    this.excluded = excluded;
    this.wanted = paths.stream().map(Wanted::of).toList();
  }

  /// The entries of `root` at `paths`, each of which may be a pattern.
  ///
  /// @throws LayerException when one of `paths` is not there
  public static List<Entry> of(RootFs root, BlobStore store, List<String> paths, Masks excluded)
      throws IOException {
    try (Contents contents = new Contents(store, root.packs())) {
      Selection selection = new Selection(new Listing(root, contents), paths, excluded);
      return selection.entries();
    }
  }

  private List<Entry> entries() throws IOException {
    directory(EntryPath.ROOT, listing.root(), note(EntryPath.ROOT));
    for (Wanted path : wanted) {
      if (!found.contains(path)) {
        throw missing(path);
      }
    }
    return entries;
  }

  /// Whether one of the patterns matches the path itself.
  private boolean note(EntryPath path) {
    boolean matches = false;
    for (Wanted one : wanted) {
      if (one.pattern.matches(path.text())) {
        found.add(one);
        matches = true;
      }
    }
    return matches;
  }

  /// @param whole whether the directory is taken, with all that is in it
  private void directory(EntryPath path, Directory directory, boolean whole) throws IOException {
    int mark = entries.size();
    Attributes attributes = directory.attributes();
    if (!path.isRoot()) {
      entries.add(new Entry.Directory(path, attributes));
    }
    for (Map.Entry<EntryName, Node> child : directory.children().entrySet()) {
      EntryPath below = path.resolve(child.getKey());
      if (excluded.hides(below)) {
        continue;
      }
      boolean matches = note(below) || whole;
      switch (child.getValue()) {
        case Node.Subdirectory node -> directory(below, listing.directory(node), matches);
        case Node.Leaf leaf -> {
          if (matches) {
            leaf(below, leaf);
          }
        }
      }
    }
    if (!whole && !path.isRoot() && entries.size() == mark + 1) {
      entries.removeLast();
    }
  }

  private void leaf(EntryPath path, Node.Leaf leaf) {
    if (!leaf.links().isSingle()) {
      EntryPath first = taken.putIfAbsent(leaf.links().first(), path);
      if (first != null) {
        entries.add(new Entry.HardLink(path, leaf.attributes(), first));
        return;
      }
    }
    entries.add(leaf.entry(path));
  }

  private LayerException missing(Wanted path) throws IOException {
    String text = path.pattern.toString();
    if (text.contains("*") || text.contains("?")) {
      return new LayerException("nothing in the image matches '" + path.text + "'");
    }
    EntryPath at = EntryPath.ROOT;
    for (EntryName name : path.names()) {
      Optional<Node> node = listing.find(at.resolve(name));
      if (node.isEmpty()) {
        return new LayerException(
            "the image has no " + path.text + ": there is no '" + name + "' in " + at + near(at));
      }
      at = at.resolve(name);
      if (node.get() instanceof Node.Symlink link && !at.text().equals(text)) {
        return new LayerException(
            "the image has no " + path.text + ": " + at + " is a symlink to " + link.target());
      }
    }
    return new LayerException("all of " + path.text + " is excluded");
  }

  /// Some of what is there instead.
  private String near(EntryPath at) throws IOException {
    return listing.find(at).orElseThrow() instanceof Node.Subdirectory node
        ? ", but " + listing.directory(node).children().keySet().stream().limit(10).toList()
        : ", which is no directory";
  }
}
