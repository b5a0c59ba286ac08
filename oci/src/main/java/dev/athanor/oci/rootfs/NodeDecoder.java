package dev.athanor.oci.rootfs;

import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.DeviceNumber;
import dev.athanor.oci.layer.EntryName;
import dev.athanor.oci.layer.EntryPath;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads a node in the form that [Directory] describes, and nothing else.
final class NodeDecoder {
  private final byte[] bytes;
  private int at;

  private NodeDecoder(byte[] bytes) {
    this.bytes = bytes;
  }

  /// @throws IOException when the bytes are not a node: the store is damaged, or not ours
  static Directory decode(byte[] bytes) throws IOException {
    NodeDecoder decoder = new NodeDecoder(bytes);
    try {
      Directory directory = decoder.directory();
      if (decoder.at != bytes.length) {
        throw new IOException("bytes after a listing node");
      }
      return directory;
    } catch (IllegalArgumentException | DateTimeException | ArrayIndexOutOfBoundsException e) {
      throw new IOException("not a listing node: " + e.getMessage(), e);
    }
  }

  private Directory directory() throws IOException {
    if (octet() != NodeEncoder.VERSION) {
      throw new IOException("not a listing node of version " + NodeEncoder.VERSION);
    }
    Attributes attributes = attributes();
    int count = number();
    TreeMap<EntryName, Node> children = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      EntryName name = EntryName.of(string());
      putLast(children, name, node());
    }
    return Directory.of(attributes, children);
  }

  private Node node() throws IOException {
    int kind = octet();
    if (kind == NodeEncoder.DIRECTORY) {
      return new Node.Subdirectory(digest());
    }
    Attributes attributes = attributes();
    Links links = links();
    return switch (kind) {
      case NodeEncoder.FILE -> new Node.File(attributes, links, digest());
      case NodeEncoder.SYMLINK -> new Node.Symlink(attributes, links, Bytes.of(string()));
      case NodeEncoder.CHARACTER ->
          new Node.Device(attributes, links, device(DeviceNumber.Kind.CHARACTER));
      case NodeEncoder.BLOCK -> new Node.Device(attributes, links, device(DeviceNumber.Kind.BLOCK));
      case NodeEncoder.FIFO -> new Node.Fifo(attributes, links);
      default -> throw new IOException("a listing node with the unknown kind " + kind);
    };
  }

  private Links links() throws IOException {
    int count = number();
    return count == 1 ? Links.SINGLE : new Links(count, EntryPath.of(string()));
  }

  private DeviceNumber device(DeviceNumber.Kind kind) throws IOException {
    int major = number();
    return new DeviceNumber(kind, major, number());
  }

  private Attributes attributes() throws IOException {
    int mode = number();
    long uid = varint();
    long gid = varint();
    long zigzag = varint();
    int nanos = number();
    if (nanos >= 1_000_000_000) {
      throw new IOException("a listing node with a second of " + nanos + " nanoseconds");
    }
    Instant mtime = Instant.ofEpochSecond((zigzag >>> 1) ^ -(zigzag & 1), nanos);
    int count = number();
    Attributes attributes = Attributes.of(mode, uid, gid, mtime);
    if (count == 0) {
      return attributes;
    }
    TreeMap<Bytes, Bytes> xattrs = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      Bytes name = Bytes.of(string());
      putLast(xattrs, name, Bytes.of(string()));
    }
    return attributes.withXattrs(xattrs);
  }

  private static <K extends Comparable<K>, V> void putLast(SortedMap<K, V> map, K key, V value)
      throws IOException {
    if (!map.isEmpty() && map.lastKey().compareTo(key) >= 0) {
      throw new IOException("a listing node out of order at " + key);
    }
    map.put(key, value);
  }

  private Digest digest() throws IOException {
    Sha256 hash = Sha256.of(take(Sha256.BYTES));
    return new Digest(hash, varint());
  }

  private byte[] string() throws IOException {
    return take(number());
  }

  private byte[] take(int length) throws IOException {
    if (length > bytes.length - at) {
      throw new IOException("a listing node that ends early");
    }
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  private int octet() {
    return bytes[at++] & 0xff;
  }

  private int number() throws IOException {
    long value = varint();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new IOException("a listing node with the number " + value);
    }
    return (int) value;
  }

  private long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = octet();
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        if ((b == 0 && shift > 0) || (shift == 63 && b > 1)) {
          throw new IOException("a listing node with a number in a long form");
        }
        return value;
      }
    }
    throw new IOException("a listing node with an endless number");
  }
}
