package dev.athanor.oci.rootfs;

import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.DeviceNumber;
import java.io.ByteArrayOutputStream;
import java.time.Instant;

/// Writes a node in the form that [Directory] describes.
final class NodeEncoder {
  static final int VERSION = 1;

  static final int DIRECTORY = 1;
  static final int FILE = 2;
  static final int SYMLINK = 3;
  static final int CHARACTER = 4;
  static final int BLOCK = 5;
  static final int FIFO = 6;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private NodeEncoder() {}

  static byte[] encode(Directory directory) {
    NodeEncoder encoder = new NodeEncoder();
    encoder.out.write(VERSION);
    encoder.attributes(directory.attributes());
    encoder.varint(directory.children().size());
    directory
        .children()
        .forEach((name, node) -> {
          encoder.string(name.bytes());
          encoder.node(node);
        });
    return encoder.out.toByteArray();
  }

  private void node(Node node) {
    switch (node) {
      case Node.Subdirectory(var listing) -> {
        out.write(DIRECTORY);
        digest(listing);
      }
      case Node.File file -> {
        leaf(FILE, file);
        digest(file.content());
      }
      case Node.Symlink link -> {
        leaf(SYMLINK, link);
        string(link.target().toArray());
      }
      case Node.Device device -> {
        leaf(device.number().kind() == DeviceNumber.Kind.CHARACTER ? CHARACTER : BLOCK, device);
        varint(device.number().major());
        varint(device.number().minor());
      }
      case Node.Fifo fifo -> leaf(FIFO, fifo);
    }
  }

  private void leaf(int kind, Node.Leaf leaf) {
    out.write(kind);
    attributes(leaf.attributes());
    varint(leaf.links().count());
    if (!leaf.links().isSingle()) {
      string(leaf.links().first().bytes());
    }
  }

  private void attributes(Attributes attributes) {
    varint(attributes.mode());
    varint(attributes.uid());
    varint(attributes.gid());
    Instant mtime = attributes.mtime();
    long seconds = mtime.getEpochSecond();
    varint((seconds << 1) ^ (seconds >> 63));
    varint(mtime.getNano());
    varint(attributes.xattrs().size());
    attributes
        .xattrs()
        .forEach((name, value) -> {
          string(name.toArray());
          string(value.toArray());
        });
  }

  private void digest(Digest digest) {
    out.writeBytes(digest.hash().bytes());
    varint(digest.size());
  }

  private void string(byte[] bytes) {
    varint(bytes.length);
    out.writeBytes(bytes);
  }

  private void varint(long value) {
    while ((value & ~0x7fL) != 0) {
      out.write((int) ((value & 0x7f) | 0x80));
      value >>>= 7;
    }
    out.write((int) value);
  }
}
