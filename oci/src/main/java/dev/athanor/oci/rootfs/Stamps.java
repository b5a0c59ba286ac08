package dev.athanor.oci.rootfs;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.EntryPath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the files of a directory were when a root filesystem had just been written to it, so that
/// later only those have to be looked at that somebody has touched since.
///
/// The kernel gives every change of a file, of its bytes, mode, owner, links or extended
/// attributes, a new change time, which nobody can set, from a clock that ticks every 10 ms or
/// faster. Two changes within a tick may have one time: a file that was younger than that when it
/// was looked at has no stamp.
public final class Stamps {
  public static final Stamps NONE = new Stamps(new TreeMap<>());

  private static final int FORMAT = 1;
  private static final long GRANULARITY_NANOS = 20_000_000;

  private final SortedMap<EntryPath, Stamp> byPath;

  private record Stamp(long inode, long ctimeNanos, long size) {
    static Stamp of(Stat stat) {
      return new Stamp(stat.inode(), stat.ctimeNanos(), stat.size());
    }
  }

  private Stamps(SortedMap<EntryPath, Stamp> byPath) {
    this.byPath = byPath;
  }

  /// The stamps of `directory`, which holds `root`.
  public static Stamps take(RootFs root, BlobStore store, Path directory) throws IOException {
    long youngest = nanos(Instant.now()) - GRANULARITY_NANOS;
    SortedMap<EntryPath, Stamp> byPath = new TreeMap<>();
    try (Contents contents = new Contents(store, root.packs());
        DiskReader disk = DiskReader.open(directory)) {
      new Listing(root, contents)
          .walk(
              new Listing.Visitor() {
                @Override
                public void directory(EntryPath path, Attributes attributes) throws IOException {
                  note(path);
                }

                @Override
                public void leaf(EntryPath path, Node.Leaf leaf) throws IOException {
                  note(path);
                }

                private void note(EntryPath path) throws IOException {
                  Stat stat = disk.stat(path);
                  if (stat.ctimeNanos() != 0 && stat.ctimeNanos() < youngest) {
                    byPath.put(path, Stamp.of(stat));
                  }
                }
              });
    }
    return new Stamps(byPath);
  }

  static long nanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000 + time.getNano();
  }

  /// Whether what is at the path is what had a stamp, and nobody has changed it. A directory that
  /// nobody has changed has the names that it had.
  boolean isUntouched(EntryPath path, Stat stat) {
    return Stamp.of(stat).equals(byPath.get(path));
  }

  /// For a file that only [#parse] reads.
  public byte[] encode() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(FORMAT);
    out.writeInt(byPath.size());
    for (var entry : byPath.entrySet()) {
      byte[] path = entry.getKey().bytes();
      out.writeShort(path.length);
      out.write(path);
      Stamp stamp = entry.getValue();
      out.writeLong(stamp.inode);
      out.writeLong(stamp.ctimeNanos);
      out.writeLong(stamp.size);
    }
    return bytes.toByteArray();
  }

  /// Reads what [#encode] wrote; of anything else, nothing.
  public static Stamps parse(byte[] encoded) {
    SortedMap<EntryPath, Stamp> byPath = new TreeMap<>();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded))) {
      if (in.readInt() != FORMAT) {
        return NONE;
      }
      for (int left = in.readInt(); left > 0; left--) {
        EntryPath path = EntryPath.of(in.readNBytes(in.readUnsignedShort()));
        byPath.put(path, new Stamp(in.readLong(), in.readLong(), in.readLong()));
      }
      return new Stamps(byPath);
    } catch (IOException | RuntimeException e) {
      return NONE;
    }
  }
}
