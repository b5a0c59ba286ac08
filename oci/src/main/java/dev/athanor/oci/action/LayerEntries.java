package dev.athanor.oci.action;

import dev.athanor.engine.action.ActionException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import dev.athanor.oci.image.AttributeEdit;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.LayerException;
import dev.athanor.oci.layer.LayerReader;
import dev.athanor.oci.layer.Limits;
import dev.athanor.oci.layer.Pack;
import dev.athanor.oci.layer.ReadLayer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Collects the entries of a layer as a [LayerSpec] wants them.
///
/// Directories may come from several sides, and the last one says what they are like; of everything
/// else there may be one for each path.
final class LayerEntries {
  private final BlobStore blobs;
  private final SortedMap<EntryPath, Entry> byPath = new TreeMap<>();

  /// Whiteouts and opaque markers; a layer may remove what was and put something in its place.
  private final List<Entry> markers = new ArrayList<>();

  private final List<Pack> packs = new ArrayList<>();

  LayerEntries(BlobStore blobs) {
    this.blobs = blobs;
  }

  /// Where contents are that came out of archives.
  List<Pack> packs() {
    return packs;
  }

  Collection<Entry> all() {
    List<Entry> all = new ArrayList<>(markers);
    all.addAll(byPath.values());
    return all;
  }

  /// Adds an input at the place that it is to have.
  void add(EntryPath at, Content content) throws IOException {
    switch (content) {
      case Content.File(var digest, var executable) ->
          add(
              new Entry.File(
                  at,
                  Attributes.of(executable ? 0755 : 0644),
                  dev.athanor.oci.layer.Content.of(digest)));
      case Content.Symlink(var target) -> symlink(at, target);
      case Content.Tree(var digest) -> {
        if (!at.isRoot()) {
          directory(at);
        }
        for (Map.Entry<RelativePath, Content> leaf : Trees.leaves(digest, blobs).entrySet()) {
          EntryPath path = at.resolve(EntryPath.parse(leaf.getKey().text()));
          if (leaf.getValue() instanceof Content.Tree) {
            directory(path);
          } else {
            add(path, leaf.getValue());
          }
        }
      }
    }
  }

  void symlink(EntryPath at, String target) {
    add(new Entry.Symlink(at, Attributes.of(0777), Bytes.utf8(target)));
  }

  void directory(EntryPath at) {
    add(new Entry.Directory(at, Attributes.DIRECTORY));
  }

  /// Adds all that an archive holds, as it is.
  ///
  /// @throws ActionException when it is none, or one that a strict reader would refuse
  void archive(Artifact archive, Content content) throws IOException {
    if (!(content instanceof Content.File(var digest, _))) {
      throw new ActionException(archive.path() + " is not a file", "tars takes tar archives");
    }
    ReadLayer read;
    try {
      read = new LayerReader(blobs, Limits.DEFAULT).read(digest, archive.path().text());
    } catch (LayerException e) {
      throw new ActionException(
          String.valueOf(e.getMessage()),
          "tars takes tar archives, plain or compressed by gzip or zstd",
          e);
    }
    if (!read.remarks().isEmpty()) {
      throw new ActionException(
          archive.path() + ": " + String.join("\n", read.remarks()),
          "write the archive anew, with each path once, relative, and without '..'");
    }
    packs.addAll(read.packs());
    read.entries().forEach(this::add);
  }

  private void add(Entry entry) {
    switch (entry) {
      case Entry.Whiteout _, Entry.Opaque _ -> markers.add(entry);
      default -> {
        Entry before = byPath.put(entry.path(), entry);
        boolean merged = before instanceof Entry.Directory && entry instanceof Entry.Directory;
        if (before != null && !merged) {
          throw new ActionException(
              entry.path() + " comes twice into the layer",
              "give one of the files another destination");
        }
      }
    }
  }

  /// Applies the edits, also to directories that are there only because something is in them.
  void edit(List<AttributeEdit> edits) {
    if (edits.isEmpty()) {
      return;
    }
    for (EntryPath path : List.copyOf(byPath.keySet())) {
      addParents(path);
    }
    for (AttributeEdit edit : edits) {
      AttributeEdit.Matcher matcher = edit.matcher();
      boolean matched = false;
      for (Map.Entry<EntryPath, Entry> entry : byPath.entrySet()) {
        if (matcher.matches(entry.getValue())) {
          entry.setValue(entry.getValue().edited(edit::apply));
          matched = true;
        }
      }
      if (!matched) {
        throw new ActionException(
            "nothing in the layer matches '" + edit.pattern() + "'",
            "a pattern for directories ends in '/'"
                + (byPath.isEmpty() ? "" : "; the layer has, for example, " + byPath.lastKey()));
      }
    }
  }

  private void addParents(EntryPath path) {
    while (!path.isRoot() && !path.parent().isRoot()) {
      path = path.parent();
      byPath.putIfAbsent(path, new Entry.Directory(path, Attributes.DIRECTORY));
    }
  }
}
