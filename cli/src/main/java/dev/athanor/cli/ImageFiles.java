package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.tree.RootedPath;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.EntryName;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.rootfs.Listing;
import dev.athanor.oci.rootfs.Node;
import dev.athanor.oci.rootfs.RootFs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Files of an image, each in a line as `ls -l` has it, or as an object.
final class ImageFiles {
  /// One file, directory or other thing.
  ///
  /// @param kind `-` a file, `d` a directory, `l` a symlink, `n` a device, `p` a pipe, `w` what a
  ///   layer removes
  /// @param size of a file; -1 for anything else
  /// @param more where a link leads to, or a device's number
  record Line(char kind, Optional<Attributes> attributes, long size, EntryPath path, String more) {
    String text() {
      String mode = attributes.map(it -> mode(it.mode())).orElse("         ");
      String owner = attributes.map(it -> it.uid() + ":" + it.gid()).orElse("");
      String bytes = size < 0 ? "" : Long.toString(size);
      return "%c%s %9s %11s %s%s".formatted(kind, mode, owner, bytes, path, more);
    }

    JsonObject json() {
      JsonObject json = new JsonObject();
      json.addProperty("path", path.toString());
      json.addProperty("kind", String.valueOf(kind));
      attributes.ifPresent(it -> {
        json.addProperty("mode", Integer.toOctalString(it.mode()));
        json.addProperty("uid", it.uid());
        json.addProperty("gid", it.gid());
        json.addProperty("mtime", it.mtime().toString());
        if (!it.xattrs().isEmpty()) {
          JsonArray names = new JsonArray();
          it.xattrs().keySet().forEach(name -> names.add(name.toString()));
          json.add("xattrs", names);
        }
      });
      if (size >= 0) {
        json.addProperty("size", size);
      }
      if (!more.isEmpty()) {
        json.addProperty("more", more.strip());
      }
      return json;
    }
  }

  private ImageFiles() {}

  /// All that a root filesystem holds, in byte order.
  static List<Line> of(RootFs rootfs, BlobStore blobs) throws IOException {
    List<Line> lines = new ArrayList<>();
    try (Contents contents = new Contents(blobs, rootfs.packs())) {
      new Listing(rootfs, contents)
          .walk(
              new Listing.Visitor() {
                @Override
                public void directory(EntryPath path, Attributes attributes) {
                  lines.add(new Line('d', Optional.of(attributes), -1, path, ""));
                }

                @Override
                public void leaf(EntryPath path, Node.Leaf leaf) {
                  lines.add(line(leaf.entry(path)));
                }
              });
    }
    return lines;
  }

  /// What a layer does, in the order of its tar.
  static Line line(Entry entry) {
    return switch (entry) {
      case Entry.Directory(var path, var attributes) ->
          new Line('d', Optional.of(attributes), -1, path, "");
      case Entry.File(var path, var attributes, var content) ->
          new Line('-', Optional.of(attributes), content.size(), path, "");
      case Entry.Symlink(var path, var attributes, var target) ->
          new Line('l', Optional.of(attributes), -1, path, " -> " + target);
      case Entry.HardLink(var path, var attributes, var target) ->
          new Line('-', Optional.of(attributes), -1, path, " is " + target);
      case Entry.Device(var path, var attributes, var number) ->
          new Line('n', Optional.of(attributes), -1, path, " " + number);
      case Entry.Fifo(var path, var attributes) ->
          new Line('p', Optional.of(attributes), -1, path, "");
      case Entry.Whiteout(var path) -> new Line('w', Optional.empty(), -1, path, " removed");
      case Entry.Opaque(var path) -> new Line('w', Optional.empty(), -1, path, " emptied");
    };
  }

  private static String mode(int mode) {
    StringBuilder text = new StringBuilder();
    for (int shift = 6; shift >= 0; shift -= 3) {
      int bits = mode >> shift;
      text.append((bits & 4) == 0 ? '-' : 'r').append((bits & 2) == 0 ? '-' : 'w');
      boolean special = (mode & (01000 << (shift / 3))) != 0;
      char plain = (bits & 1) == 0 ? '-' : 'x';
      char marked = shift == 0 ? 't' : 's';
      text.append(special ? (plain == 'x' ? marked : Character.toUpperCase(marked)) : plain);
    }
    return text.toString();
  }

  /// The file at `path`, behind symlinks, which lead nowhere but to the image's own root.
  ///
  /// @throws UserException when there is no file
  static Node.File file(String path, Listing listing) throws IOException {
    List<String> names =
        RootedPath.resolve(path, at -> link(at, listing))
            .orElseThrow(() -> new UserException("too many symbolic links in the image: " + path));
    return switch (listing.find(path(names)).orElse(null)) {
      case Node.File file -> file;
      case null ->
          throw new UserException("the image has no " + path, "athanor image ls lists what it has");
      case Node _ -> throw new UserException(path + " is no file");
    };
  }

  private static Optional<String> link(List<String> names, Listing listing) throws IOException {
    return listing.find(path(names)).orElse(null) instanceof Node.Symlink link
        ? Optional.of(link.target().toString())
        : Optional.empty();
  }

  private static EntryPath path(List<String> names) {
    EntryPath path = EntryPath.ROOT;
    for (String name : names) {
      path = path.resolve(EntryName.parse(name));
    }
    return path;
  }
}
