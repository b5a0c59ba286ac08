package dev.athanor.oci.rootfs;

import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.Content;
import dev.athanor.oci.layer.DeviceNumber;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.EntryPath;

/// What stands at a name of a [Directory].
public sealed interface Node {
  /// A directory, by the digest of its own node, which has its attributes too.
  record Subdirectory(Digest listing) implements Node {}

  /// Anything but a directory.
  sealed interface Leaf extends Node {
    Attributes attributes();

    Links links();

    Leaf with(Attributes attributes, Links links);

    /// What a layer says that puts it at `path`, as a file with one name.
    default Entry entry(EntryPath path) {
      return switch (this) {
        case File(var attributes, _, var content) ->
            new Entry.File(path, attributes, Content.of(content));
        case Symlink(var attributes, _, var target) -> new Entry.Symlink(path, attributes, target);
        case Device(var attributes, _, var number) -> new Entry.Device(path, attributes, number);
        case Fifo(var attributes, _) -> new Entry.Fifo(path, attributes);
      };
    }

    /// Whether a layer would show no difference: all but the fraction of the mtime's second.
    default boolean sameInLayer(Leaf that) {
      return attributes().sameInLayer(that.attributes())
          && equals(that.with(attributes(), that.links()));
    }
  }

  record File(Attributes attributes, Links links, Digest content) implements Leaf {
    @Override
    public File with(Attributes attributes, Links links) {
      return new File(attributes, links, content);
    }
  }

  record Symlink(Attributes attributes, Links links, Bytes target) implements Leaf {
    @Override
    public Symlink with(Attributes attributes, Links links) {
      return new Symlink(attributes, links, target);
    }
  }

  record Device(Attributes attributes, Links links, DeviceNumber number) implements Leaf {
    @Override
    public Device with(Attributes attributes, Links links) {
      return new Device(attributes, links, number);
    }
  }

  record Fifo(Attributes attributes, Links links) implements Leaf {
    @Override
    public Fifo with(Attributes attributes, Links links) {
      return new Fifo(attributes, links);
    }
  }
}
