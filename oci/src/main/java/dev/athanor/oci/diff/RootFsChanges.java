package dev.athanor.oci.diff;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.diff.Comparison;
import dev.athanor.engine.diff.Data;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.diff.Differences;
import dev.athanor.engine.diff.Place;
import dev.athanor.oci.diff.RootFsChange.How;
import dev.athanor.oci.diff.RootFsChange.Trait;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.rootfs.Listing;
import dev.athanor.oci.rootfs.Masks;
import dev.athanor.oci.rootfs.Node;
import dev.athanor.oci.rootfs.Repack;
import dev.athanor.oci.rootfs.RootFs;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What makes one root filesystem out of another, file by file.
public final class RootFsChanges implements AutoCloseable {
  private final Contents before;
  private final Contents after;
  private final List<RootFsChange> list;

  private RootFsChanges(RootFs from, RootFs to, BlobStore blobs) throws IOException {
    List<Entry> entries = new Repack(blobs, 1).difference(from, to, Masks.NONE);
    before = new Contents(blobs, from.packs());
    after = new Contents(blobs, to.packs());
    Listing was = new Listing(from, before);
    Listing is = new Listing(to, after);
    List<RootFsChange> changes = new ArrayList<>();
    for (Entry entry : entries) {
      change(entry, was, is).ifPresent(changes::add);
    }
    list = List.copyOf(changes);
  }

  public static RootFsChanges between(RootFs from, RootFs to, BlobStore blobs) throws IOException {
    return new RootFsChanges(from, to, blobs);
  }

  /// In the order of the paths.
  public List<RootFsChange> list() {
    return list;
  }

  /// What makes the bytes of a file out of those before.
  public Differences of(RootFsChange.Contents contents, Comparison comparison) throws IOException {
    return comparison.of(
        List.of(), () -> before.open(contents.before()), () -> after.open(contents.after()));
  }

  /// Reports all changes at `place`, those of contents by their formats.
  static void report(RootFs from, RootFs to, Place place) throws IOException {
    try (RootFsChanges changes = between(from, to, place.blobs())) {
      for (RootFsChange change : changes.list()) {
        changes.report(change, place.in(step(change.path())));
      }
    }
  }

  private static String step(EntryPath path) {
    return path.isRoot() ? path.toString() : path.toString().substring(1);
  }

  private void report(RootFsChange change, Place place) throws IOException {
    switch (change.how()) {
      case ADDED -> place.add(Aspect.PRESENCE, "", "there");
      case REMOVED -> place.add(Aspect.PRESENCE, "there", "");
      case CHANGED -> {
        for (Trait trait : change.traits()) {
          Place at = trait.name().isEmpty() ? place : place.in(trait.name());
          at.add(trait.aspect(), trait.before(), trait.after());
        }
        if (change.contents().isPresent()) {
          contents(change.contents().get(), place);
        }
      }
    }
  }

  private void contents(RootFsChange.Contents contents, Place place) throws IOException {
    if (place.isFull()) {
      place.leaveOut(1);
      return;
    }
    try (InputStream one = before.open(contents.before());
        InputStream other = after.open(contents.after());
        Data was = place.unpack(one);
        Data is = place.unpack(other)) {
      place.compare(was, is);
    }
  }

  private static Optional<RootFsChange> change(Entry entry, Listing before, Listing after)
      throws IOException {
    EntryPath path = entry.path();
    if (entry instanceof Entry.Whiteout) {
      return Optional.of(new RootFsChange(How.REMOVED, path, List.of(), Optional.empty()));
    }
    Optional<Node> old = before.find(path);
    if (old.isEmpty()) {
      return Optional.of(new RootFsChange(How.ADDED, path, List.of(), Optional.empty()));
    }
    Node was = old.get();
    Node is = after.find(path).orElseThrow();
    List<Trait> traits = NodeTraits.between(was, is);
    NodeTraits.attributes(attributes(was, before), attributes(is, after), traits);
    Optional<RootFsChange.Contents> contents = NodeTraits.contents(was, is);
    // A parent that only leads to what has changed.
    return traits.isEmpty() && contents.isEmpty()
        ? Optional.empty()
        : Optional.of(new RootFsChange(How.CHANGED, path, traits, contents));
  }

  private static Attributes attributes(Node node, Listing listing) throws IOException {
    return switch (node) {
      case Node.Leaf leaf -> leaf.attributes();
      case Node.Subdirectory subdirectory -> listing.directory(subdirectory).attributes();
    };
  }

  @Override
  public void close() {
    before.close();
    after.close();
  }
}
