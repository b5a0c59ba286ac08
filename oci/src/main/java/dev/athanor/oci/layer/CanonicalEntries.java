package dev.athanor.oci.layer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Brings the entries of one layer into the order of [LayerFormat]: checked, parents added, and the
/// first name of each file in front of its other names.
final class CanonicalEntries {
  /// By the key of [#key]; the two kinds of markers never meet a file there.
  private final SortedMap<String, Entry> byKey = new TreeMap<>();

  private final Set<EntryPath> parents = new HashSet<>();

  private CanonicalEntries() {}

  static List<Entry> of(Collection<? extends Entry> entries) {
    CanonicalEntries canonical = new CanonicalEntries();
    entries.forEach(canonical::add);
    entries.forEach(entry -> canonical.addParents(holder(entry)));
    canonical.orderLinks();
    return new ArrayList<>(canonical.byKey.values());
  }

  /// NUL occurs in no name and sorts before all others: markers lead their directory.
  private static String key(Entry entry) {
    return switch (entry) {
      case Entry.Opaque(var path) -> inside(path) + "\0";
      case Entry.Whiteout(var path) -> inside(path.parent()) + "\0" + path.name().latin1();
      default -> entry.path().latin1();
    };
  }

  private static String inside(EntryPath directory) {
    return directory.isRoot() ? "" : directory.latin1() + "/";
  }

  /// The directory that the entry's header is in.
  private static EntryPath holder(Entry entry) {
    return entry instanceof Entry.Opaque || entry.path().isRoot()
        ? entry.path()
        : entry.path().parent();
  }

  private void add(Entry entry) {
    for (EntryName name : entry.path().names()) {
      if (name.isWhiteout()) {
        throw new LayerException(
            entry.path() + ": no layer can hold a name that starts with " + LayerFormat.WHITEOUT);
      }
    }
    Entry other = byKey.putIfAbsent(key(entry), entry);
    if (other != null) {
      throw new LayerException(entry.path() + ": two entries of one layer have this path");
    }
  }

  private void addParents(EntryPath directory) {
    if (directory.isRoot() || !parents.add(directory)) {
      return;
    }
    Entry there =
        byKey.computeIfAbsent(
            directory.latin1(), _ -> new Entry.Directory(directory, Attributes.DIRECTORY));
    if (!(there instanceof Entry.Directory)) {
      throw new LayerException(directory + ": is not a directory, but other entries are in it");
    }
    addParents(directory.parent());
  }

  /// Lets the first of a file's names carry the data. A link to a path that is not in this layer
  /// stays as it is.
  private void orderLinks() {
    Map<EntryPath, List<Entry.HardLink>> linksByTarget = new HashMap<>();
    for (Entry entry : byKey.values()) {
      if (entry instanceof Entry.HardLink link) {
        linksByTarget.computeIfAbsent(end(link), _ -> new ArrayList<>()).add(link);
      }
    }
    linksByTarget.forEach(this::orderLinks);
  }

  private void orderLinks(EntryPath target, List<Entry.HardLink> links) {
    Entry data = byKey.get(target.latin1());
    EntryPath first = data == null ? target : min(target, links.getFirst().path());
    for (Entry.HardLink link : links) {
      if (!link.path().equals(first)) {
        Attributes attributes = data == null ? link.attributes() : attributes(data);
        put(new Entry.HardLink(link.path(), attributes, first));
      }
    }
    if (data != null && !first.equals(target)) {
      put(moved(data, first));
      put(new Entry.HardLink(target, attributes(data), first));
    }
  }

  /// Where a chain of links ends: at a file, or outside this layer.
  private EntryPath end(Entry.HardLink link) {
    Set<EntryPath> seen = new HashSet<>();
    EntryPath at = link.path();
    while (byKey.get(at.latin1()) instanceof Entry.HardLink(_, _, var target)) {
      if (!seen.add(at)) {
        throw new LayerException(link.path() + ": hard links in a circle");
      }
      at = target;
    }
    if (byKey.get(at.latin1()) instanceof Entry.Directory) {
      throw new LayerException(link.path() + ": hard link to the directory " + at);
    }
    return at;
  }

  private void put(Entry entry) {
    byKey.put(entry.path().latin1(), entry);
  }

  private static Entry moved(Entry entry, EntryPath path) {
    return switch (entry) {
      case Entry.File(_, var attributes, var content) -> new Entry.File(path, attributes, content);
      case Entry.Symlink(_, var attributes, var target) ->
          new Entry.Symlink(path, attributes, target);
      case Entry.Device(_, var attributes, var number) ->
          new Entry.Device(path, attributes, number);
      case Entry.Fifo(_, var attributes) -> new Entry.Fifo(path, attributes);
      case Entry.Directory _, Entry.HardLink _, Entry.Whiteout _, Entry.Opaque _ ->
          throw new IllegalArgumentException(entry.path() + " has one name only");
    };
  }

  private static Attributes attributes(Entry entry) {
    return switch (entry) {
      case Entry.File file -> file.attributes();
      case Entry.Symlink link -> link.attributes();
      case Entry.Device device -> device.attributes();
      case Entry.Fifo fifo -> fifo.attributes();
      case Entry.Directory directory -> directory.attributes();
      case Entry.HardLink link -> link.attributes();
      case Entry.Whiteout _, Entry.Opaque _ -> Attributes.of(0);
    };
  }

  private static EntryPath min(EntryPath a, EntryPath b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
