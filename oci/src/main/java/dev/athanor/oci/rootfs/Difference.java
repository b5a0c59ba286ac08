package dev.athanor.oci.rootfs;

import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.EntryName;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.LayerException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Compares two listings, skipping what has the same digest.
///
/// Changed and added paths come whole, with their parents in front; a path that is gone is one
/// whiteout, and what was below it is not mentioned; a file in the place of a directory, or the
/// other way round, needs no whiteout. When one name of a file comes, all its names come, since a
/// layer can link to its own files only. Opaque markers are never made.
final class Difference {
  private static final SortedMap<EntryName, Node> NOTHING = new TreeMap<>();

  private final Contents contents;
  private final Masks masks;
  private final List<Entry> entries = new ArrayList<>();

  /// Paths of entries other than whiteouts.
  private final Set<EntryPath> came = new HashSet<>();

  /// Of the files with several names, by the first of them: those that came, in that order.
  private final Map<EntryPath, List<EntryPath>> groups = new HashMap<>();

  /// Groups of which a name did not come: masked, or the same as before although others have
  /// changed.
  private final Set<EntryPath> incomplete = new HashSet<>();

  Difference(Contents contents, Masks masks) {
    this.contents = contents;
    this.masks = masks;
  }

  List<Entry> of(Digest from, Digest to) throws IOException {
    if (!from.equals(to)) {
      Directory before = directory(from);
      Directory after = directory(to);
      // The root's own time says only that something in it came or went.
      Attributes attributes = before.attributes().withMtime(after.attributes().mtime());
      if (!attributes.equals(after.attributes())) {
        entries.add(new Entry.Directory(EntryPath.ROOT, after.attributes()));
      }
      children(EntryPath.ROOT, before.children(), after.children());
      if (!incomplete.isEmpty()) {
        complete(EntryPath.ROOT, after);
      }
    }
    return entries.stream().sorted(Comparator.comparing(Entry::path)).toList();
  }

  /// Adds the missing names of incomplete groups, with their parents; whether there were any.
  private boolean complete(EntryPath path, Directory after) throws IOException {
    boolean found = false;
    for (var child : after.children().entrySet()) {
      EntryPath below = path.resolve(child.getKey());
      if (masks.hides(below)) {
        continue;
      }
      found |=
          switch (child.getValue()) {
            case Node.Subdirectory(var listing) -> complete(below, directory(listing));
            case Node.Leaf leaf -> completeLeaf(below, leaf);
          };
    }
    if (found && !path.isRoot() && came.add(path)) {
      entries.add(new Entry.Directory(path, after.attributes()));
    }
    return found;
  }

  private boolean completeLeaf(EntryPath path, Node.Leaf leaf) {
    boolean missing = incomplete.contains(leaf.links().first()) && !came.contains(path);
    if (missing) {
      leaf(path, leaf);
    }
    return missing;
  }

  private Directory directory(Digest digest) throws IOException {
    return NodeDecoder.decode(contents.read(digest));
  }

  private void children(
      EntryPath path, SortedMap<EntryName, Node> before, SortedMap<EntryName, Node> after)
      throws IOException {
    TreeSet<EntryName> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    for (EntryName name : names) {
      EntryPath child = path.resolve(name);
      if (!masks.hides(child)) {
        child(child, before.get(name), after.get(name));
      }
    }
  }

  private void child(EntryPath path, @Nullable Node before, @Nullable Node after)
      throws IOException {
    switch (after) {
      case null -> entries.add(new Entry.Whiteout(path));
      case Node.Subdirectory(var listing) -> {
        if (!after.equals(before)) {
          directory(path, before, directory(listing));
        }
      }
      case Node.Leaf leaf -> {
        if (!(before instanceof Node.Leaf old && old.sameInLayer(leaf))) {
          leaf(path, leaf);
        }
      }
    }
  }

  /// Takes the directory's own entry back when neither it nor anything in it has changed.
  private void directory(EntryPath path, @Nullable Node before, Directory after)
      throws IOException {
    int mark = entries.size();
    entries.add(new Entry.Directory(path, after.attributes()));
    came.add(path);
    boolean same = false;
    if (before instanceof Node.Subdirectory(var listing)) {
      Directory old = directory(listing);
      same = old.attributes().sameInLayer(after.attributes());
      children(path, old.children(), after.children());
    } else {
      children(path, NOTHING, after.children());
    }
    if (same && entries.size() == mark + 1) {
      entries.removeLast();
      came.remove(path);
    }
  }

  private void leaf(EntryPath path, Node.Leaf leaf) {
    if (path.name().isWhiteout()) {
      throw new LayerException(path + ": no layer can hold a name that starts with .wh.");
    }
    came.add(path);
    Links links = leaf.links();
    if (!links.isSingle()) {
      List<EntryPath> names = groups.computeIfAbsent(links.first(), _ -> new ArrayList<>());
      names.add(path);
      if (names.size() < links.count()) {
        incomplete.add(links.first());
      } else {
        incomplete.remove(links.first());
      }
      if (names.size() > 1) {
        entries.add(new Entry.HardLink(path, leaf.attributes(), names.getFirst()));
        return;
      }
    }
    entries.add(leaf.entry(path));
  }
}
