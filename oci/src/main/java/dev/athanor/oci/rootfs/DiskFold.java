package dev.athanor.oci.rootfs;

import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.EntryName;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.LayerException;
import dev.athanor.oci.layer.Xattrs;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Applies what is on disk to a tree: everything as it is, or as the upper directory of an overlay.
final class DiskFold {
  private static final List<String> OVERLAY = List.of("trusted.overlay.", "user.overlay.");

  private final DiskReader disk;
  private final Capture.Options options;
  private final CapturedFiles files;
  private final Kind kind;
  private final Stamps stamps;

  /// What the directory on disk is to the tree.
  enum Kind {
    /// All that is to be in it.
    WHOLE,
    /// What an overlay has collected above it.
    UPPER
  }

  /// Files with several names, of which one was met.
  private final Map<InodeKey, Tree.Inode> met = new HashMap<>();

  private record InodeKey(long device, long inode) {}

  DiskFold(
      DiskReader disk, Capture.Options options, CapturedFiles files, Kind kind, Stamps stamps) {
    this.disk = disk;
    this.options = options;
    this.files = files;
    this.kind = kind;
    this.stamps = stamps;
  }

  /// Applies the directory `path` of the disk to `directory`, which stands there in the tree.
  void fold(EntryPath path, Tree.Dir directory) throws IOException {
    fold(path, disk.stat(path), directory, true);
  }

  /// @param existed whether the tree had the directory before
  private void fold(EntryPath path, Stat stat, Tree.Dir directory, boolean existed)
      throws IOException {
    List<EntryName> names =
        existed && stamps.isUntouched(path, stat)
            ? directory.names()
            : look(path, stat, directory, existed);
    for (EntryName name : names) {
      EntryPath child = path.resolve(name);
      if (!options.masks().hides(child)) {
        child(child, name, directory);
      }
    }
  }

  /// Applies the directory's own attributes, and what is not in it any more.
  ///
  /// @return what is in it, in byte order
  private List<EntryName> look(EntryPath path, Stat stat, Tree.Dir directory, boolean existed)
      throws IOException {
    SortedMap<Bytes, Bytes> xattrs = disk.xattrs(path);
    if (kind == Kind.UPPER && isOpaque(path, xattrs)) {
      directory.clear();
    }
    Attributes before = existed ? directory.attributes() : null;
    directory.setAttributes(attributes(stat, xattrs, before));
    List<EntryName> names = disk.list(path).stream().sorted().toList();
    if (kind == Kind.WHOLE) {
      removeOthers(path, new HashSet<>(names), directory);
    }
    return names;
  }

  private void removeOthers(EntryPath path, Set<EntryName> names, Tree.Dir directory)
      throws IOException {
    for (EntryName name : directory.names()) {
      if (!names.contains(name) && !options.masks().hides(path.resolve(name))) {
        directory.remove(name);
      }
    }
  }

  private void child(EntryPath path, EntryName name, Tree.Dir parent) throws IOException {
    try {
      namedChild(path, name, parent);
    } catch (Syscalls.ErrnoException e) {
      throw e.at(path);
    }
  }

  private void namedChild(EntryPath path, EntryName name, Tree.Dir parent) throws IOException {
    Stat stat = disk.stat(path);
    if (stat.kind() == Stat.Kind.DIRECTORY) {
      refuseWhiteout(path, name);
      if (parent.get(name) instanceof Tree.Dir there) {
        fold(path, stat, there, true);
      } else {
        fold(path, stat, parent.add(name, Attributes.DIRECTORY), false);
      }
      return;
    }
    if (stamps.isUntouched(path, stat)) {
      return;
    }
    SortedMap<Bytes, Bytes> xattrs = disk.xattrs(path);
    if (kind == Kind.UPPER && isWhiteout(stat, xattrs)) {
      parent.remove(name);
      return;
    }
    refuseWhiteout(path, name);
    leaf(path, name, parent, stat, xattrs);
  }

  private static void refuseWhiteout(EntryPath path, EntryName name) {
    if (name.isWhiteout()) {
      throw new LayerException(path + ": no layer can hold a name that starts with .wh.");
    }
  }

  private void leaf(
      EntryPath path, EntryName name, Tree.Dir parent, Stat stat, SortedMap<Bytes, Bytes> xattrs)
      throws IOException {
    InodeKey key = new InodeKey(stat.device(), stat.inode());
    Tree.Inode inode = stat.links() > 1 ? met.get(key) : null;
    if (inode == null) {
      Node.@Nullable Leaf before =
          parent.get(name) instanceof Tree.Inode there ? there.leaf() : null;
      Node.Leaf leaf = read(path, stat, xattrs, before);
      if (leaf == null) {
        return;
      }
      if (before != null
          && stat.links() == 1
          && leaf.equals(before.with(before.attributes(), Links.SINGLE))) {
        return;
      }
      inode = new Tree.Inode(leaf);
      if (stat.links() > 1) {
        met.put(key, inode);
      }
    }
    parent.put(name, inode);
  }

  /// Null for a socket, which no image can hold. The empty file that stands for a device where
  /// devices cannot be made is still that device.
  private Node.@Nullable Leaf read(
      EntryPath path, Stat stat, SortedMap<Bytes, Bytes> xattrs, Node.@Nullable Leaf before)
      throws IOException {
    Attributes old = before == null ? null : before.attributes();
    Attributes attributes = attributes(stat, xattrs, old);
    return switch (stat.kind()) {
      case FILE -> {
        if (stat.size() == 0 && before instanceof Node.Device && isCallers()) {
          yield before.with(attributes, Links.SINGLE);
        }
        yield new Node.File(attributes, Links.SINGLE, files.capture(path));
      }
      case SYMLINK -> new Node.Symlink(attributes, Links.SINGLE, disk.readLink(path));
      case DEVICE -> new Node.Device(attributes, Links.SINGLE, stat.number());
      case FIFO -> new Node.Fifo(attributes, Links.SINGLE);
      case SOCKET -> null;
      case DIRECTORY -> throw new AssertionError("a directory is no leaf");
    };
  }

  /// The attributes on disk, its owner and time seen as the options say. A time that is still the
  /// one below was not written; and the time of a directory that was there says only that something
  /// in it came or went.
  private Attributes attributes(
      Stat stat, SortedMap<Bytes, Bytes> xattrs, @Nullable Attributes before) {
    Attributes found = stat.attributes();
    if (isCallers()) {
      found = before == null ? found.withOwner(0, 0) : found.withOwner(before.uid(), before.gid());
    }
    Instant mtime = clamped(found.mtime(), stat.kind(), before);
    TreeMap<Bytes, Bytes> kept = new TreeMap<>(xattrs);
    kept.entrySet().removeIf(x -> Xattrs.isIgnored(x.getKey()) || x.getValue().isEmpty());
    return found.withMtime(mtime).withXattrs(kept);
  }

  private Instant clamped(Instant mtime, Stat.Kind kind, @Nullable Attributes before) {
    Instant clamp = options.clamp().orElse(Instant.MAX);
    if (!mtime.isAfter(clamp)) {
      return mtime;
    }
    boolean seen = kind == Stat.Kind.DIRECTORY || (before != null && mtime.equals(before.mtime()));
    return before != null && seen ? before.mtime() : clamp;
  }

  private boolean isCallers() {
    return options.owners() == Capture.Owners.CALLER;
  }

  /// A character device 0:0, or an empty file that is marked.
  private static boolean isWhiteout(Stat stat, SortedMap<Bytes, Bytes> xattrs) {
    return switch (stat.kind()) {
      case DEVICE -> stat.number().major() == 0 && stat.number().minor() == 0;
      case FILE -> stat.size() == 0 && overlayValue(xattrs, "whiteout") != null;
      default -> false;
    };
  }

  private static boolean isOpaque(EntryPath path, SortedMap<Bytes, Bytes> xattrs) {
    if (overlayValue(xattrs, "redirect") != null) {
      throw new IllegalStateException(path + ": the overlay was mounted with redirect_dir=on");
    }
    Bytes opaque = overlayValue(xattrs, "opaque");
    return opaque != null && opaque.equals(Bytes.utf8("y"));
  }

  private static @Nullable Bytes overlayValue(SortedMap<Bytes, Bytes> xattrs, String name) {
    for (String prefix : OVERLAY) {
      Bytes value = xattrs.get(Bytes.utf8(prefix + name));
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}
