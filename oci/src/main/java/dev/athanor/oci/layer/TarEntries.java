package dev.athanor.oci.layer;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What the members of a tar mean as a layer.
final class TarEntries {
  /// Beyond this the remarks on one layer stop.
  private static final int MAX_REMARKS = 100;

  private final TarInput in;
  private final TarReader tar;
  private final BlobStore store;
  private final PackWriter pack;
  private final Limits limits;
  private final Digester digester = new Digester();
  private final Set<EntryPath> seen = new HashSet<>();
  private final List<String> remarks = new ArrayList<>();
  private long sparseBytes;

  /// @param pack gets to know where in the tar each content is
  TarEntries(TarInput in, BlobStore store, PackWriter pack, Limits limits) {
    this.in = in;
    this.tar = new TarReader(in, limits);
    this.store = store;
    this.pack = pack;
    this.limits = limits;
  }

  /// All entries in the order of the tar, which is read to its end.
  List<Entry> read() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (TarMember member = tar.next(); member != null; member = tar.next()) {
      try {
        entry(member).ifPresent(entries::add);
      } catch (IllegalArgumentException | LayerException e) {
        throw new LayerException("entry " + shown(member) + ": " + e.getMessage(), e);
      } catch (java.io.EOFException e) {
        throw new LayerException("entry " + shown(member) + ": the tar " + e.getMessage(), e);
      }
    }
    if (!tar.hadEndMarker()) {
      remark("the tar has no end marker");
    }
    if (in.drain()) {
      remark("there are bytes after the end of the tar");
    }
    return entries;
  }

  /// What a strict reader would not have let pass.
  List<String> remarks() {
    return remarks;
  }

  private static String shown(TarMember member) {
    return "'" + Bytes.printable(member.name()) + "'";
  }

  private void remark(String text) {
    if (remarks.size() < MAX_REMARKS) {
      remarks.add(text);
    }
  }

  private Optional<Entry> entry(TarMember member) throws IOException {
    if (!TarMember.isKnown(member.type())) {
      String type = Bytes.printable(String.valueOf(member.type()));
      throw new LayerException("a tar member of the unknown type '" + type + "'");
    }
    EntryPath path = EntryPath.clean(member.name());
    remarkOnName(member, path);
    if (path.names().stream().anyMatch(EntryName::isWhiteout)) {
      skipData(member);
      return marker(path);
    }
    if (!seen.add(path)) {
      remark("entry " + shown(member) + ": a second entry for this path");
    }
    if (path.isRoot() && member.type() != '5' && member.type() != 'D') {
      throw new LayerException("the root of an image must be a directory");
    }
    Attributes attributes = kept(member.attributes());
    return Optional.of(
        switch (member.type()) {
          case '0' -> new Entry.File(path, attributes, Content.of(content(member)));
          case '1' -> new Entry.HardLink(path, attributes, EntryPath.clean(member.link()));
          case '2' -> new Entry.Symlink(path, attributes, new Bytes(member.link()));
          case '3' -> device(path, attributes, DeviceNumber.Kind.CHARACTER, member);
          case '4' -> device(path, attributes, DeviceNumber.Kind.BLOCK, member);
          case '6' -> new Entry.Fifo(path, attributes);
          default -> {
            skipData(member);
            yield new Entry.Directory(path, attributes);
          }
        });
  }

  private static Entry device(
      EntryPath path, Attributes attributes, DeviceNumber.Kind kind, TarMember member) {
    DeviceNumber number = new DeviceNumber(kind, member.deviceMajor(), member.deviceMinor());
    return new Entry.Device(path, attributes, number);
  }

  /// A whiteout, an opaque marker, or nothing for the files that AUFS kept for itself.
  private static Optional<Entry> marker(EntryPath path) {
    String name = path.name().latin1();
    EntryPath directory = path.parent();
    for (EntryName parent : directory.names()) {
      if (parent.latin1().startsWith(LayerFormat.AUFS)) {
        return Optional.empty();
      } else if (parent.isWhiteout()) {
        throw new LayerException("a whiteout cannot be a directory");
      }
    }
    if (name.equals(LayerFormat.WHITEOUT + LayerFormat.OPAQUE_REST)) {
      return Optional.of(new Entry.Opaque(directory));
    } else if (name.startsWith(LayerFormat.AUFS)) {
      return Optional.empty();
    }
    EntryName removed = EntryName.ofLatin1(name.substring(LayerFormat.WHITEOUT.length()));
    return Optional.of(new Entry.Whiteout(directory.resolve(removed)));
  }

  private void remarkOnName(TarMember member, EntryPath path) {
    String name = member.name();
    if (name.startsWith("/")) {
      remark("entry " + shown(member) + ": an absolute name, taken as " + path);
    } else if (("/" + name + "/").contains("/../")) {
      remark("entry " + shown(member) + ": a name with '..', taken as " + path);
    }
  }

  private static Attributes kept(Attributes attributes) {
    if (attributes.xattrs().keySet().stream().noneMatch(Xattrs::isIgnored)) {
      return attributes;
    }
    TreeMap<Bytes, Bytes> kept = new TreeMap<>(attributes.xattrs());
    kept.keySet().removeIf(Xattrs::isIgnored);
    return attributes.withXattrs(kept);
  }

  private void skipData(TarMember member) throws IOException {
    in.skip(member.size());
    in.skip(TarReader.padding(member.size()));
  }

  private Digest content(TarMember member) throws IOException {
    TarMember.Sparse sparse = member.sparse();
    Digest digest = sparse == null ? plain(member.size()) : expanded(sparse);
    in.skip(TarReader.padding(member.size()));
    return digest;
  }

  private Digest plain(long size) throws IOException {
    long offset = in.position();
    in.digest(size, digester);
    Digest digest = digester.finish();
    if (size > 0) {
      pack.note(digest, offset);
    }
    return digest;
  }

  /// A sparse file does not stand in the tar as it is, so it becomes a blob.
  private Digest expanded(TarMember.Sparse sparse) throws IOException {
    sparseBytes += sparse.size();
    if (sparseBytes > limits.tarBytes()) {
      throw new LayerException("sparse files of more than " + limits.tarBytes() + " bytes");
    }
    try (BlobWriter blob = store.write()) {
      long at = 0;
      for (TarMember.Segment segment : sparse.segments()) {
        hole(blob, segment.offset() - at);
        in.take(segment.length(), blob::write);
        at = segment.offset() + segment.length();
      }
      hole(blob, sparse.size() - at);
      return blob.commit();
    }
  }

  private static void hole(BlobWriter blob, long length) throws IOException {
    byte[] zeros = new byte[(int) Math.min(length, 64 * 1024)];
    for (long left = length; left > 0; left -= zeros.length) {
      blob.write(zeros, 0, (int) Math.min(left, zeros.length));
    }
  }
}
