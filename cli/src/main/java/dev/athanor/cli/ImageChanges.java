package dev.athanor.cli;

import com.google.gson.JsonObject;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.rootfs.Directory;
import dev.athanor.oci.rootfs.Listing;
import dev.athanor.oci.rootfs.Masks;
import dev.athanor.oci.rootfs.Node;
import dev.athanor.oci.rootfs.Repack;
import dev.athanor.oci.rootfs.RootFs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What makes one root filesystem out of another, file by file.
final class ImageChanges {
  /// @param how `+` for what came, `-` for what is gone, `~` for what is different
  /// @param what differs; empty where all of it came or is gone
  record Change(char how, EntryPath path, List<String> what) {
    String text() {
      return how + " " + path + (what.isEmpty() ? "" : "  " + String.join(", ", what));
    }

    JsonObject json() {
      JsonObject json = new JsonObject();
      json.addProperty("path", path.toString());
      json.addProperty(
          "change",
          switch (how) {
            case '+' -> "added";
            case '-' -> "removed";
            default -> "changed";
          });
      if (!what.isEmpty()) {
        json.addProperty("what", String.join(", ", what));
      }
      return json;
    }
  }

  private final Listing before;
  private final Listing after;

  private ImageChanges(Listing before, Listing after) {
    this.before = before;
    this.after = after;
  }

  static List<Change> between(RootFs from, RootFs to, BlobStore blobs) throws IOException {
    List<Entry> entries = new Repack(blobs, 1).difference(from, to, Masks.NONE);
    try (Contents old = new Contents(blobs, from.packs());
        Contents now = new Contents(blobs, to.packs())) {
      ImageChanges changes = new ImageChanges(new Listing(from, old), new Listing(to, now));
      List<Change> all = new ArrayList<>();
      for (Entry entry : entries) {
        changes.change(entry).ifPresent(all::add);
      }
      return all;
    }
  }

  private Optional<Change> change(Entry entry) throws IOException {
    if (entry instanceof Entry.Whiteout(var path)) {
      return Optional.of(new Change('-', path, List.of()));
    }
    EntryPath path = entry.path();
    Optional<Node> old = before.find(path);
    if (old.isEmpty()) {
      return Optional.of(new Change('+', path, List.of()));
    }
    List<String> what = differences(old.get(), after.find(path).orElseThrow());
    // A parent that only leads to what has changed.
    return what.isEmpty() ? Optional.empty() : Optional.of(new Change('~', path, what));
  }

  private List<String> differences(Node old, Node now) throws IOException {
    List<String> what = new ArrayList<>();
    if (!kind(old).equals(kind(now))) {
      what.add(kind(old) + " → " + kind(now));
    } else if (old instanceof Node.File was && now instanceof Node.File is) {
      if (!was.content().equals(is.content())) {
        what.add("content, " + was.content().size() + " → " + is.content().size() + " bytes");
      }
    } else if (old instanceof Node.Symlink was && now instanceof Node.Symlink is) {
      add(what, "target", was.target(), is.target());
    } else if (old instanceof Node.Device was && now instanceof Node.Device is) {
      add(what, "device", was.number(), is.number());
    }
    attributes(what, attributes(old, before), attributes(now, after));
    return what;
  }

  private static Attributes attributes(Node node, Listing listing) throws IOException {
    return switch (node) {
      case Node.Leaf leaf -> leaf.attributes();
      case Node.Subdirectory subdirectory -> {
        Directory directory = listing.directory(subdirectory);
        yield directory.attributes();
      }
    };
  }

  private static void attributes(List<String> what, Attributes old, Attributes now) {
    add(what, "mode", Integer.toOctalString(old.mode()), Integer.toOctalString(now.mode()));
    add(what, "owner", old.uid() + ":" + old.gid(), now.uid() + ":" + now.gid());
    add(what, "time", old.mtime().getEpochSecond(), now.mtime().getEpochSecond());
    if (!old.xattrs().equals(now.xattrs())) {
      what.add("extended attributes");
    }
  }

  private static void add(List<String> what, String name, Object old, Object now) {
    if (!old.equals(now)) {
      what.add(name + " " + old + " → " + now);
    }
  }

  private static String kind(Node node) {
    return switch (node) {
      case Node.Subdirectory _ -> "directory";
      case Node.File _ -> "file";
      case Node.Symlink _ -> "symlink";
      case Node.Device _ -> "device";
      case Node.Fifo _ -> "pipe";
    };
  }
}
