package dev.athanor.oci.diff;

import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.oci.diff.RootFsChange.Trait;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.rootfs.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What differs between two nodes that stand at one path.
final class NodeTraits {
  private NodeTraits() {}

  /// All but attributes and the contents of files.
  static List<Trait> between(Node old, Node now) {
    List<Trait> traits = new ArrayList<>();
    add(traits, Aspect.KIND, "", kind(old), kind(now));
    if (old instanceof Node.Symlink was && now instanceof Node.Symlink is) {
      add(traits, Aspect.TARGET, "target", was.target(), is.target());
    } else if (old instanceof Node.Device was && now instanceof Node.Device is) {
      add(traits, Aspect.VALUE, "device", was.number(), is.number());
    }
    return traits;
  }

  static Optional<RootFsChange.Contents> contents(Node old, Node now) {
    return old instanceof Node.File was
            && now instanceof Node.File is
            && !was.content().equals(is.content())
        ? Optional.of(new RootFsChange.Contents(was.content(), is.content()))
        : Optional.empty();
  }

  static void attributes(Attributes old, Attributes now, List<Trait> traits) {
    add(
        traits,
        Aspect.MODE,
        "mode",
        Integer.toOctalString(old.mode()),
        Integer.toOctalString(now.mode()));
    add(traits, Aspect.OWNER, "owner", owner(old), owner(now));
    add(traits, Aspect.TIME, "time", old.mtime().getEpochSecond(), now.mtime().getEpochSecond());
    if (!old.xattrs().equals(now.xattrs())) {
      traits.add(
          new Trait(Aspect.VALUE, Trait.XATTRS, old.xattrs().toString(), now.xattrs().toString()));
    }
  }

  private static String owner(Attributes attributes) {
    return attributes.uid() + ":" + attributes.gid();
  }

  private static void add(List<Trait> traits, Aspect aspect, String name, Object old, Object now) {
    if (!old.equals(now)) {
      traits.add(new Trait(aspect, name, old.toString(), now.toString()));
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
